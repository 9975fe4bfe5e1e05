/** Runs an annotation pass over the discussions of a run, and reads its stored replies again. */
import {
  annotateDiscussions,
  type AnnotationOptions,
  type AnnotationOutcome,
  CONCURRENCY_MAX,
  DamagedStream,
  reparseDiscussion,
  RETRY_POLICY,
  type RetryPolicy,
} from "../../core/engine/mod.ts";
import { type AskPerson, type EventStore, RUN_TEXTS, type RunWriter } from "../../core/ports/mod.ts";
import { runAt } from "../stores/mod.ts";
import { inputsOf } from "./inputs.ts";
import type { LoadedAnnotation } from "./load_experiment.ts";
import { nativeSha256, systemClock } from "../system.ts";
import { type OpenModels, openModels, reachedModels } from "./open_models.ts";
import { runEnded, runStarted } from "./run_events.ts";
import { type PeopleOptions, RunPeople } from "./run_people.ts";
import { pricesOf, RunWatch, type WatchOptions } from "./run_watch.ts";
import type { Reparsed } from "../../core/annotation/mod.ts";

/** How a pass runs. */
export type AnnotateOptions =
  & Omit<AnnotationOptions, "concurrency" | "begin" | "budget">
  & Readonly<{
    /** How many discussions are annotated at the same time. When left out, as many as the models can take. */
    concurrency?: number;
    retry?: RetryPolicy;
  }>;

type Annotatable =
  & Pick<LoadedAnnotation, "setup" | "adapters" | "folder" | "text">
  & Readonly<{ askPerson?: AskPerson }>;

/**
 * Runs a pass over a run, or resumes it: existing annotations are not requested again.
 *
 * @throws {RunError} When there is no run at the place, or it is in use.
 * @throws {ModelError} When a model cannot work as it is set up.
 * @throws {OtherPass} When the run has a different pass with the same name.
 * @throws {StoreError} When a log can no longer be written. Events that are already in the log stay there.
 */
export async function annotateRun(
  place: string,
  loaded: LoadedAnnotation,
  options:
    & AnnotateOptions
    & WatchOptions
    /** The ids of the discussions to annotate; all of them when left out. */
    & Readonly<{ discussions?: readonly string[]; people?: PeopleOptions }> = {},
): Promise<AnnotationOutcome> {
  await using closing = new AsyncDisposableStack();
  const watch = new RunWatch(options);
  const people = new RunPeople(loaded.adapters, options.people);
  const { design: pass, models, people: texts } = loaded.setup;
  const reached = reachedModels(Object.entries(models), loaded.adapters, pass.pass);
  const home = await runAt(place, { onTornTail: watch.warnOfTornTail });
  const run = await home.reopen({ reaching: { reached, nowMs: systemClock.now() } });
  closing.defer(run.close);
  closing.use(watch);
  await watch.open(run, pricesOf(Object.entries(models), pass.pass));
  const { discussions, concurrency, retry, stop, abort, notify } = options;
  closing.defer(() => people.close(stop?.aborted === true || abort?.aborted === true));
  await people.open(Object.values(models), { run, texts, discussions: () => [], pass });
  const { limits, pause } = options;
  const outcome = await annotateStreams(() => discussions ?? run.store.streams(), {
    ...loaded,
    askPerson: people.askPerson,
  }, {
    store: run.store,
    run,
    watch,
    people,
    async begin() {
      const started = runStarted({
        command: "annotate",
        options: { pass: pass.pass, concurrency, limits, pause, retry },
        models: Object.entries(models),
        file: loaded,
        copy: { [RUN_TEXTS.annotation(pass.pass)]: nativeSha256(loaded.text) },
      });
      await run.keepInputs(inputsOf(loaded));
      await run.record(started, systemClock.now());
    },
    concurrency,
    retry,
    stop,
    abort,
    notify: people.telling(notify),
  });
  await run.record(runEnded({ command: "annotate", outcome }), systemClock.now());
  return outcome;
}

/** Runs a pass over streams of a run that is open for writing, and copies the annotation file into the run. */
export async function annotateStreams(
  streams: () => Iterable<string> | AsyncIterable<string>,
  { setup, text, ...makers }: Annotatable,
  { store, run, watch, begin, retry = RETRY_POLICY, concurrency, models: open, people, ...options }:
    & AnnotateOptions
    & Readonly<{
      store: EventStore;
      run: RunWriter;
      watch: RunWatch;
      /** Called before the first log is written. */
      begin?: () => Promise<void>;
      models?: OpenModels;
      /** The people among the annotators. */
      people?: RunPeople;
    }>,
): Promise<AnnotationOutcome> {
  await using closing = new AsyncDisposableStack();
  const { design, models: setups } = setup;
  const notify = watch.telling(options.notify);
  const models = open ?? await openModels(Object.entries(setups), makers, watch.modelsWith(notify));
  if (open === undefined) closing.defer(models.close);
  const { budget, log } = watch;
  const outcome = await annotateDiscussions(streams, design, {
    ...options,
    notify,
    budget,
    async begin() {
      await run.writeText(RUN_TEXTS.annotation(design.pass), text);
      const reached = Object.fromEntries(
        Object.entries(setups).map(([name, { service }]) => [name, service]),
      );
      await watch.begin("annotation begins", { pass: design.pass, models: reached });
      await begin?.();
      await people?.rate(setup, run, streams());
    },
    concurrency: concurrency ?? Math.min(models.concurrency, CONCURRENCY_MAX),
    environment: { store, models: models.lookUp, clock: systemClock, retry, sha256: nativeSha256 },
  });
  log?.outcome("annotation", outcome);
  return outcome;
}

/** The new reading of one discussion: `null` if its pass is incomplete, an error if its log is damaged. */
export type ReparsedDiscussion = Readonly<{ discussion: string; reparsed: Reparsed | DamagedStream | null }>;

/**
 * Reads the stored replies of a pass again, discussion by discussion.
 *
 * @param options The pass, and the name under which the new reading is recorded; `null` records nothing.
 * @throws {OtherPass} When a log has a different pass with the new name. Then nothing is written.
 * @throws {RangeError} When the pass cannot be read again with this codebook. Then nothing is written.
 * @throws {RunError} When there is no run at the place, or `as` is given and the run is in use.
 */
export async function* reparseRun(
  { place, discussions }: Readonly<{ place: string; discussions: readonly string[] }>,
  loaded: LoadedAnnotation,
  { pass, as }: Readonly<{ pass: string; as: string | null }>,
): AsyncGenerator<ReparsedDiscussion> {
  await using closing = new AsyncDisposableStack();
  const { setup: { design: { codebook } }, text } = loaded;
  const home = await runAt(place);
  const writer = as === null ? null : await home.reopen();
  closing.defer(() => writer?.close());
  const { store } = writer ?? await home.read();
  const readAgain = async (discussion: string, record: boolean) => {
    const options = { codebook, as: as ?? pass, pass, record };
    const environment = { store, clock: systemClock, sha256: nativeSha256 };
    try {
      return await reparseDiscussion(discussion, options, environment);
    } catch (error) {
      if (error instanceof DamagedStream) return error;
      throw error;
    } finally {
      store.release(discussion);
    }
  };
  // Try all discussions before writing to any of them.
  let [ended, setAside] = [0, 0];
  for (const discussion of as === null ? [] : discussions) {
    const reparsed = await readAgain(discussion, false);
    if (reparsed instanceof DamagedStream) setAside++;
    else if (reparsed !== null) ended++;
  }
  if (ended > 0) {
    const started = runStarted({
      command: "reparse",
      options: { pass, as },
      models: [],
      file: loaded,
      copy: { [RUN_TEXTS.annotation(as!)]: nativeSha256(text) },
    });
    await writer!.keepInputs(inputsOf(loaded));
    await writer!.record(started, systemClock.now());
  }
  let isKept = false;
  for (const discussion of discussions) {
    const reparsed = await readAgain(discussion, as !== null);
    // The annotation file is copied only after a discussion was read, so that a refused pass leaves no file behind.
    if (writer !== null && !isKept && reparsed !== null && !(reparsed instanceof DamagedStream)) {
      await writer.writeText(RUN_TEXTS.annotation(as ?? pass), text);
      isKept = true;
    }
    yield { discussion, reparsed };
  }
  const outcome = { ended, setAside, cutShort: null };
  if (ended > 0) await writer?.record(runEnded({ command: "reparse", outcome }), systemClock.now());
}
