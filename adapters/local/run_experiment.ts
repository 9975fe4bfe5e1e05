/** Runs an experiment: from its file to its run folder. */
import { basename, join } from "node:path";
import type { DiscussionDesign } from "../../core/events/mod.ts";
import {
  type AnnotationNotice,
  type AnnotationOutcome,
  CONCURRENCY_MAX,
  RETRY_POLICY,
  type RetryPolicy,
  runDiscussions,
  type RunOptions,
  type RunOutcome,
} from "../../core/engine/mod.ts";
import {
  experimentDocument,
  experimentFingerprint,
  factorLabels,
  type ModelSetup,
  type Plan,
} from "../../core/experiment/mod.ts";
import { RunError, type RunLog, type RunRecord } from "../../core/run_log/mod.ts";
import { RUN_TEXTS, type RunDescription, type RunInputs, type RunPart } from "../../core/ports/mod.ts";
import { runAt, type Shards } from "../stores/mod.ts";
import { annotateStreams } from "./annotate_run.ts";
import { hashesOf, inputsOf, recordedCode } from "./inputs.ts";
import { declarationNotes } from "./declaration_notes.ts";
import { movedTo } from "./local_server.ts";
import { type LoadedExperiment, loadExperiment } from "./load_experiment.ts";
import { nativeSha256, systemClock } from "../system.ts";
import { identifyModels, openModels, reachedModels } from "./open_models.ts";
import { runEnvironment } from "./run_environment.ts";
import { ownVersions, runEnded, runStarted } from "./run_events.ts";
import { type PeopleOptions, RunPeople } from "./run_people.ts";
import { pricesOf, RunWatch, type WatchOptions } from "./run_watch.ts";
import { VERSION } from "../../core/version.ts";

/** Where runs go by default, below the working folder. */
export const RUNS_FOLDER = "runs";

/** More discussions than this are spread over sub-folders, because a large folder is slow to list. */
const FLAT_DISCUSSIONS_MAX = 5000;

/** How an experiment runs. */
export type ExperimentRunOptions =
  & Omit<RunOptions, "concurrency" | "budget">
  & WatchOptions
  & Readonly<{
    /** The run's folder; by default `runs/<name>`. If the folder contains a run, this run is resumed. */
    out?: string;
    /** How many discussions run at the same time. When left out, as many as the models can take. */
    concurrency?: number;
    /** The part of the discussions that this process runs: whole replicates, so that every part is balanced. */
    shard?: RunPart;
    retry?: RetryPolicy;
    /** The address of the model server on this machine, instead of the one in the file. */
    localServer?: string | undefined;
    /** How people are asked, if a model is a person. */
    people?: PeopleOptions;
    /** Called for every notice of the annotation. It must not throw. */
    notifyAnnotation?: (notice: AnnotationNotice) => void;
  }>;

/** The outcome of a run. */
export type ExperimentOutcome =
  & RunOutcome
  & Readonly<{
    folder: string;
    /** Discussions in the plan, or in this process's part of the plan. */
    planned: number;
    /** The outcome of the annotation; `null` if the experiment has no annotation, or the run stopped before. */
    annotation: AnnotationOutcome | null;
  }>;

/**
 * Runs an experiment, or resumes its run: discussions that have ended stay as they are, and the others continue at
 * their next turn.
 *
 * @throws {ExperimentError} When the file has problems. Then nothing is written.
 * @throws {ModelError} When a model cannot work as it is set up. Then nothing is written.
 * @throws {RunError} When the folder is in use, cannot be written to, or contains a run of another experiment or model.
 * @throws {OtherPass} When the run has a different annotation pass with the same name.
 * @throws {StoreError} When a log can no longer be written. Events that are already in the log stay there.
 *
 * @example
 * ```ts
 * import { runExperiment } from "./run_experiment.ts";
 * import assert from "node:assert/strict";
 *
 * const out = await Deno.makeTempDir();
 * const outcome = await runExperiment("fixtures/quickstart/scripted.yaml", { out });
 * assert.equal(outcome.ended, outcome.planned);
 * await Deno.remove(out, { recursive: true });
 * ```
 */
export async function runExperiment(
  source: string | LoadedExperiment,
  options: ExperimentRunOptions = {},
): Promise<ExperimentOutcome> {
  const loaded = typeof source === "string" ? await loadExperiment(source) : source;
  const { out, concurrency, shard, retry = RETRY_POLICY, localServer, notifyAnnotation } = options;
  const { stop, abort, stopEarly } = options;
  const { plan, experiment } = loaded;
  await using closing = new AsyncDisposableStack();
  const { annotation: setup } = experiment;
  const watch = new RunWatch(options);
  const people = new RunPeople(loaded.adapters, options.people);
  if (shard !== undefined && shard.count > 1 && setup !== null) people.refuseRatersInPart(setup.design);
  const path = out ?? join(RUNS_FOLDER, experiment.name);
  const home = await runAt(path, { onTornTail: watch.warnOfTornTail });
  const notify = people.telling(watch.telling(options.notify));
  const notifyAnnotators = watch.telling(notifyAnnotation);
  let isAnnotating = false;
  // Open the annotators' models now: a missing key must be reported at the start, not after days.
  const annotators = Object.entries(setup?.models ?? {});
  const declared = usedModelsOf(loaded);
  const used = localServer === undefined ? declared : movedTo(localServer, declared);
  const models = await openModels(
    used,
    { ...loaded, askPerson: people.askPerson },
    watch.modelsWith((notice) => isAnnotating ? notifyAnnotators(notice) : notify(notice)),
  );
  closing.defer(models.close);
  const run = await home.open(await descriptionOf(loaded), { part: shard });
  closing.defer(run.close);
  closing.use(watch);
  closing.defer(() => people.close(stop?.aborted === true || abort?.aborted === true));
  const own = () => shard === undefined ? plan : part(plan, shard);
  await people.open(used.map(([, model]) => model), {
    run,
    part: shard,
    texts: experiment.people,
    discussions: own,
    pass: setup?.design ?? null,
  });
  const prices = [...pricesOf(modelsOf(plan)), ...pricesOf(annotators, setup?.design.pass)];
  await watch.open(run, new Map(prices), shard);
  const { code: before = {} } = run.manifest;
  for (const [file, { sha256 }] of loaded.code) {
    // A file that is new to the run can only belong to its annotators.
    if (Object.hasOwn(before, file) && before[file]!.sha256 !== sha256) {
      watch.warn(
        `${file} has changed since this run began: from now on, discussions run with the new version`,
      );
    }
  }
  for (const note of declarationNotes(run.manifest, experiment)) watch.warn(note);
  const { budget, log } = watch;
  const services = Object.fromEntries(used.map(([name, { service }]) => [name, service]));
  await watch.begin("run begins", { experiment: experiment.name, version: VERSION, models: services });
  const { limits, pause } = options;
  const started = runStarted({
    command: "run",
    part: shard,
    options: { concurrency, limits, pause, retry: options.retry },
    models: used,
    file: loaded,
    copy: setup === null ? {} : { [RUN_TEXTS.annotation(setup.design.pass)]: nativeSha256(loaded.text) },
  });
  await run.record(started, systemClock.now());
  const outcome = await runDiscussions(own(), runEnvironment(run, loaded, { models, retry }), {
    notify,
    stop,
    abort,
    stopEarly,
    budget,
    concurrency: concurrency ?? Math.min(models.concurrency, CONCURRENCY_MAX),
  });
  log?.outcome("run", outcome);
  isAnnotating = true;
  const annotation = setup === null || outcome.cutShort !== null ? null : await annotateStreams(
    () => idsOf(own()),
    { setup, adapters: loaded.adapters, folder: loaded.folder, text: loaded.text },
    {
      store: run.store,
      run,
      watch,
      models,
      people,
      retry,
      concurrency,
      stop,
      abort,
      notify: people.telling(notifyAnnotation),
    },
  );
  const planned = shard === undefined ? plan.size : partSize(plan, shard);
  await run.record(runEnded({ command: "run", outcome, planned, annotation }), systemClock.now());
  return { ...outcome, folder: path, planned, annotation };
}

/** A run that was prepared. */
export type PreparedRun = Readonly<{ folder: string; planned: number; log: RunLog }>;

/**
 * Makes the folder of a run and its log, and asks no model. The head of the log can then be published, for example in a
 * preregistration, before there is any result. `runExperiment()` runs the discussions later.
 *
 * @throws {ExperimentError} When the file has problems. Then nothing is written.
 * @throws {RunError} When the folder is in use, holds another run, or cannot be written to.
 */
export async function prepareRun(
  source: string | LoadedExperiment,
  { out }: Pick<ExperimentRunOptions, "out"> = {},
): Promise<PreparedRun> {
  const loaded = typeof source === "string" ? await loadExperiment(source) : source;
  const folder = out ?? join(RUNS_FOLDER, loaded.experiment.name);
  const run = await (await runAt(folder)).open(await descriptionOf(loaded));
  const { log } = run;
  await run.close();
  if (log.kind !== "kept") {
    throw new RunError(
      "unusable",
      `Cannot prepare the run "${folder}": an older version made it, and it has no run log. Choose another folder`,
    );
  }
  return { folder, planned: loaded.plan.size, log: log.log };
}

/** The models of the discussions and of the annotators, by name. */
export function usedModelsOf(
  { plan, experiment: { annotation } }: LoadedExperiment,
): (readonly [string, ModelSetup])[] {
  return [...modelsOf(plan), ...Object.entries(annotation?.models ?? {})];
}

/** What to run, with the identities of the models' files. */
export async function descriptionOf(loaded: LoadedExperiment): Promise<RunDescription> {
  const { plan, adapters, text, experiment: { annotation } } = loaded;
  const inputs = inputsOf(loaded);
  const reached = [
    ...reachedModels(modelsOf(plan), adapters),
    ...reachedModels(Object.entries(annotation?.models ?? {}), adapters, annotation?.design.pass),
  ];
  const manifest = {
    ...manifestOf(loaded, inputs),
    models: await identifyModels(usedModelsOf(loaded), loaded),
    ...(reached.length === 0 ? {} : { reached }),
  };
  return { experimentText: text, manifest, inputs, nowMs: systemClock.now() };
}

function* idsOf(designs: Iterable<DiscussionDesign>): Generator<string> {
  for (const { id } of designs) yield id;
}

/** The models that discussions may use: an unused model needs no key. */
function* modelsOf({ conditions }: Plan): Generator<readonly [string, ModelSetup]> {
  for (const settings of conditions.flatMap(({ variants }) => variants)) {
    const { participantModels, pinnedModel, moderator, models } = settings;
    for (const name of participantModels) yield [name, models[name]!];
    if (pinnedModel !== null) yield [pinnedModel, models[pinnedModel]!];
    if (moderator !== null) yield [moderator.model, models[moderator.model]!];
  }
}

/** The discussions of a part: every `count`-th replicate, from number `index` on, with all of its conditions. */
function* part({ size, conditions, at }: Plan, { index, count }: RunPart): Generator<DiscussionDesign> {
  for (let first = (index - 1) * conditions.length; first < size; first += count * conditions.length) {
    for (let place = first; place < first + conditions.length; place++) yield at(place);
  }
}

function partSize({ size, conditions: { length } }: Plan, { index, count }: RunPart): number {
  const replicates = size / length;
  return length * Math.max(0, Math.ceil((replicates - (index - 1)) / count));
}

function manifestOf(loaded: LoadedExperiment, inputs: RunInputs): RunRecord {
  const { path, text, experiment, plan } = loaded;
  const resolved = experimentDocument(experiment, nativeSha256);
  const labels = factorLabels(experiment);
  const shards: Shards = plan.size > FLAT_DISCUSSIONS_MAX ? 256 : 0;
  return {
    experiment: { name: experiment.name, file: basename(path), sha256: nativeSha256(text) },
    fingerprint: experimentFingerprint(resolved, nativeSha256),
    resolved,
    sources: hashesOf(inputs),
    code: recordedCode(loaded),
    seed: experiment.seed,
    plan: {
      discussions: plan.size,
      conditions: plan.conditions.length,
      replications: experiment.replications,
    },
    versions: ownVersions(),
    shards,
    analysis: experiment.analysis,
    ...(Object.keys(labels).length === 0 ? {} : { factorLabels: labels }),
  };
}
