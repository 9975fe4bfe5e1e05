import { join } from "node:path";
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
import type { EventStore } from "../../core/ports/mod.ts";
import { openHeldRun, readRunFolder, RUN_FILES, writeRunFile } from "../stores/mod.ts";
import type { LoadedAnnotation } from "./load_experiment.ts";
import { nativeSha256, systemClock } from "../system.ts";
import { type OpenModels, openModels, reachedModels } from "./open_models.ts";
import { pricesOf, RunWatch, type WatchOptions } from "./run_watch.ts";
import type { Reparsed } from "../../core/annotation/mod.ts";

/** Annotating: a pass over the discussions of a run folder. */

/** How a pass is to be carried out. */
export type AnnotateOptions =
  & Omit<AnnotationOptions, "concurrency" | "begin" | "budget">
  & Readonly<{
    /** Discussions that are judged at the same time; as many as the models take where it is left out. */
    concurrency?: number;
    retry?: RetryPolicy;
  }>;

/** A pass with what its models are made of. */
export type Annotatable = Pick<LoadedAnnotation, "setup" | "adapters" | "folder" | "text">;

/**
 * Carries a pass out over a run, or goes on with it: judgements that are there are not asked for again.
 *
 * @param path The run's folder.
 * @param loaded The pass.
 * @param options How many at once, which discussions, who is told.
 * @throws {RunFolderError} When there is no run in the folder, or it is in use.
 * @throws {ModelError} When a model cannot work as it is set up.
 * @throws {OtherPass} When the run holds a pass of the same name that asks something else.
 * @throws {StoreError} When a log can no longer be written; what was acknowledged is kept.
 */
export async function annotateRun(
  path: string,
  loaded: LoadedAnnotation,
  options:
    & AnnotateOptions
    & WatchOptions
    & Readonly<{
      /** The ids of those that are judged; all of them where it is left out. */
      discussions?: readonly string[];
    }> = {},
): Promise<AnnotationOutcome> {
  await using closing = new AsyncDisposableStack();
  const watch = new RunWatch(options);
  const { design: pass, models } = loaded.setup;
  const reached = reachedModels(Object.entries(models), loaded.adapters, pass.pass);
  const run = await openHeldRun(path, {
    reaching: { reached, nowMs: systemClock.now() },
    onTornTail: ({ stream, bytes }) =>
      watch.warn(
        `${stream}: the last ${bytes} bytes are the beginning of a line that was never finished; cut off`,
      ),
  });
  closing.defer(run.close);
  closing.use(watch);
  await watch.open(run, pricesOf(Object.entries(models), pass.pass));
  const { discussions, concurrency, retry, stop, abort, notify } = options;
  return await annotateStreams(() => discussions ?? run.store.streams(), loaded, {
    store: run.store,
    folder: path,
    watch,
    concurrency,
    retry,
    stop,
    abort,
    notify,
  });
}

/**
 * Carries a pass out over streams of a run that is open for writing, and keeps the file that describes it beside them.
 *
 * @param streams Lists the discussions' ids.
 * @param annotatable The pass.
 * @param options The run's store and folder, what watches over it, models that are open already, and how it is to go.
 * @throws {OtherPass} When a log holds a pass of the same name that asks something else; nothing was written then.
 */
export async function annotateStreams(
  streams: () => Iterable<string> | AsyncIterable<string>,
  { setup: { design, models: setups }, text, ...makers }: Annotatable,
  { store, folder: run, watch, retry = RETRY_POLICY, concurrency, models: open, ...options }:
    & AnnotateOptions
    & Readonly<{ store: EventStore; folder: string; watch: RunWatch; models?: OpenModels }>,
): Promise<AnnotationOutcome> {
  await using closing = new AsyncDisposableStack();
  const notify = watch.telling(options.notify);
  const models = open ?? await openModels(Object.entries(setups), makers, watch.modelsWith(notify));
  if (open === undefined) closing.defer(models.close);
  const { budget, log } = watch;
  const outcome = await annotateDiscussions(streams, design, {
    ...options,
    notify,
    budget,
    async begin() {
      await writeRunFile(join(run, RUN_FILES.annotations, `${design.pass}.yaml`), text);
      const reached = Object.fromEntries(
        Object.entries(setups).map(([name, { service }]) => [name, service]),
      );
      await watch.begin("annotation begins", { pass: design.pass, models: reached });
    },
    concurrency: concurrency ?? Math.min(models.concurrency, CONCURRENCY_MAX),
    environment: { store, models: models.lookUp, clock: systemClock, retry, sha256: nativeSha256 },
  });
  log?.outcome("annotation", outcome);
  return outcome;
}

/** Reading the stored replies of a run again. */

/**
 * What reading one discussion's replies again came to; `null` where the pass is not completed, and the damage where the
 * log cannot be read.
 */
export type ReparsedDiscussion = Readonly<{ discussion: string; reparsed: Reparsed | DamagedStream | null }>;

/**
 * Reads the replies of a pass again, discussion by discussion.
 *
 * @param run The run's folder, and which of its discussions.
 * @param loaded The annotation whose codebook counts.
 * @param options The pass, and the name of the one that is recorded; `null` records nothing.
 * @throws {OtherPass} When a log holds another pass of the new name; nothing was written then.
 * @throws {RangeError} When the pass cannot be read again with this codebook; nothing was written then.
 * @throws {RunFolderError} When there is no run in the folder, or it is in use and something is to be recorded.
 */
export async function* reparseRun(
  { folder, discussions }: Readonly<{ folder: string; discussions: readonly string[] }>,
  { setup: { design: { codebook } }, text }: LoadedAnnotation,
  { pass, as }: Readonly<{ pass: string; as: string | null }>,
): AsyncGenerator<ReparsedDiscussion> {
  await using closing = new AsyncDisposableStack();
  const held = as === null ? null : await openHeldRun(folder);
  const { store } = held ?? readRunFolder(folder);
  closing.defer(() => held === null ? store.close() : held.close());
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
  // What is refused in one discussion is to be refused before another one is written to.
  if (as !== null) { for (const discussion of discussions) await readAgain(discussion, false); }
  let isKept = as === null;
  for (const discussion of discussions) {
    const reparsed = await readAgain(discussion, as !== null);
    // Only once there is something that it describes: a pass that is refused leaves nothing behind.
    if (!isKept && reparsed !== null && !(reparsed instanceof DamagedStream)) {
      await writeRunFile(join(folder, RUN_FILES.annotations, `${as}.yaml`), text);
      isKept = true;
    }
    yield { discussion, reparsed };
  }
}
