/** Works on a run together with other processes: takes its jobs, one after the other, until none is left. */
import {
  type AnnotationNotice,
  type AnnotationOutcome,
  CONCURRENCY_MAX,
  type ModelNotice,
  runDiscussions,
  type RunNotice,
  type RunOutcome,
  SharedJobs,
} from "../../core/engine/mod.ts";
import { type JobCounts, RUN_TEXTS, type RunHome, type WorkQueue } from "../../core/ports/mod.ts";
import { nativeSha256 } from "../system.ts";
import { declarationNotes } from "./declaration_notes.ts";
import type { LoadedAnnotation, LoadedExperiment } from "./load_experiment.ts";
import { type OpenModels, openModels } from "./open_models.ts";
import { descriptionOf, type ExperimentRunOptions, usedModelsOf } from "./run_experiment.ts";
import { runEnded, runStarted } from "./run_events.ts";
import { runEnvironment } from "./run_environment.ts";
import { addRunJobs, DISCUSSIONS_TASK, passOfTask } from "./run_jobs.ts";
import { pricesOf, RunWatch } from "./run_watch.ts";
import {
  annotateJobs,
  inShare,
  jobsOf,
  type LimitSharing,
  recordIfShared,
  refusePeople,
  type Shared,
  sharingLimits,
} from "./shared_runs.ts";

/** How a process works on a run that it shares with others. */
export type WorkerOptions =
  & Omit<
    ExperimentRunOptions,
    "out" | "shard" | "people" | "localServer" | "notify" | "notifyAnnotation" | "sharing"
  >
  & Pick<LimitSharing, "openBoard">
  & Readonly<{
    /** Opens the jobs of the run. The run exists by then. */
    openQueue: () => Promise<WorkQueue>;
    /** Whether this process plans. A process that plans adds the jobs, and lets failed jobs wait for a worker again. */
    plans: boolean;
    /** Loads an annotation pass that another command has added to the run. */
    loadPass: (pass: string) => Promise<LoadedAnnotation>;
    /** Whether to wait for more jobs when none is left. */
    waits?: boolean;
    /** Called when this process begins a task. Returns a function that is then called for each notice of the task. */
    begins?: (task: string, queue: WorkQueue) => (notice: RunNotice | AnnotationNotice) => void;
  }>;

/** What one worker has done, until it stopped or nothing was left. */
export type WorkerOutcome = Readonly<{
  /** `null` if the worker stopped before it worked on discussions, or if no discussion was left. */
  discussions: RunOutcome | null;
  /** By the name of the pass. */
  annotations: ReadonlyMap<string, AnnotationOutcome>;
  /** The jobs of each task when this worker ended. */
  jobs: ReadonlyMap<string, JobCounts>;
  /** Whether the run has discussions that this worker does not know, because the run was extended meanwhile. */
  hasGrown: boolean;
}>;

/**
 * Works on a run together with other processes. Makes the run if there is none.
 *
 * @throws {ModelError} When a model cannot work as it is set up. Then nothing is written.
 * @throws {RunError} When the place has another run, or other processes have taken over the work of this process.
 * @throws {StoreError} When a log can no longer be written.
 */
export async function workOnRun(
  home: RunHome,
  loaded: LoadedExperiment,
  options: WorkerOptions,
): Promise<WorkerOutcome> {
  return await inShare(home, () => workUntilClosed(home, loaded, options));
}

async function workUntilClosed(
  home: RunHome,
  loaded: LoadedExperiment,
  options: WorkerOptions,
): Promise<WorkerOutcome> {
  await using closing = new AsyncDisposableStack();
  refusePeople(home.place, usedModelsOf(loaded), loaded);
  const watch = new RunWatch({ ...options, ...sharingLimits(options, closing) });
  const worker = new Worker(loaded, options, watch);
  const used = usedModelsOf(loaded);
  const models = await openModels(used, loaded, watch.modelsWith(worker.notify));
  closing.defer(models.close);
  const run = await home.join({ run: await descriptionOf(loaded) });
  closing.defer(run.close);
  const queue = await options.openQueue();
  closing.defer(() => queue.close());
  closing.use(watch);
  const { annotation } = loaded.experiment;
  const annotators = Object.entries(annotation?.models ?? {});
  await watch.open(run, new Map([...pricesOf(used), ...pricesOf(annotators, annotation?.design.pass)]));
  // A run that was only prepared, or copied into a database, has no jobs yet.
  const plans = options.plans || (await queue.tasks()).length === 0;
  if (plans) {
    for (const note of declarationNotes(run.manifest, loaded.experiment)) watch.warn(note);
    if (annotation !== null) await run.writeText(RUN_TEXTS.annotation(annotation.design.pass), loaded.text);
  }
  const command = options.plans ? "run" : "worker";
  await recordIfShared(
    run,
    runStarted({
      command,
      options: {
        concurrency: options.concurrency,
        limits: options.limits,
        pause: options.pause,
        retry: options.retry,
      },
      models: used,
      file: loaded,
      copy: annotation === null
        ? {}
        : { [RUN_TEXTS.annotation(annotation.design.pass)]: nativeSha256(loaded.text) },
    }),
  );
  // Other workers begin when the first job is there. By now, the run has recorded everything that they need.
  if (plans) await addRunJobs(queue, loaded);
  await watch.begin("worker begins", { experiment: loaded.experiment.name });
  const outcome = await worker.work({ run, queue, models });
  await recordIfShared(run, runEnded({ command, ...summedUp(outcome) }));
  return outcome;
}

type Opened = Shared & Readonly<{ models: OpenModels }>;

class Worker {
  readonly #loaded: LoadedExperiment;
  readonly #options: WorkerOptions;
  readonly #watch: RunWatch;
  #notify: (notice: RunNotice | AnnotationNotice) => void = () => {};
  #discussions: RunOutcome | null = null;
  readonly #annotations = new Map<string, AnnotationOutcome>();
  #hasGrown = false;

  constructor(loaded: LoadedExperiment, options: WorkerOptions, watch: RunWatch) {
    this.#loaded = loaded;
    this.#options = options;
    this.#watch = watch;
  }

  /** Tells a notice to the watcher of the current task. */
  readonly notify = (notice: RunNotice | AnnotationNotice | ModelNotice): void => this.#notify(notice);

  /** Works on one task after the other. */
  async work(opened: Opened): Promise<WorkerOutcome> {
    const { stop = new AbortController().signal, waits = false } = this.#options;
    do {
      // An experiment's own pass comes after its discussions.
      for (const task of await opened.queue.tasks()) {
        const { waiting, active } = await opened.queue.counts(task);
        if (waiting + active === 0) continue;
        const { cutShort, stopped } = await this.#workOn(task, opened);
        const isUseless = waits && stopped.length > 0;
        if (cutShort !== null || this.#hasGrown || isUseless) return await this.#outcome(opened);
      }
      if (waits) await opened.queue.changed(stop);
    } while (waits && !stop.aborted);
    return await this.#outcome(opened);
  }

  async #outcome({ queue }: Opened): Promise<WorkerOutcome> {
    return {
      discussions: this.#discussions,
      annotations: this.#annotations,
      jobs: await jobsOf(queue),
      hasGrown: this.#hasGrown,
    };
  }

  async #workOn(task: string, opened: Opened): Promise<RunOutcome> {
    this.#notify = this.#watch.telling(this.#options.begins?.(task, opened.queue));
    const pass = passOfTask(task);
    if (pass === null) {
      const outcome = await this.#run(opened);
      this.#watch.log?.outcome("run", outcome);
      return this.#discussions = addedUp(this.#discussions, outcome);
    }
    const outcome = await this.#annotate(pass, opened);
    const { skipped } = outcome;
    const before = this.#annotations.get(pass);
    this.#annotations.set(pass, {
      ...addedUp(before ?? null, outcome),
      skipped: skipped + (before?.skipped ?? 0),
    });
    return outcome;
  }

  async #run({ run, queue, models }: Opened): Promise<RunOutcome> {
    const { plan } = this.#loaded;
    const { retry } = this.#options;
    const sharing = new SharedJobs({
      queue,
      task: DISCUSSIONS_TASK,
      run,
      itemOf: (id) => plan.find(id),
    });
    const environment = runEnvironment(run, this.#loaded, { models, retry });
    const outcome = await runDiscussions(sharing, environment, { ...this.#sessionOptions(models), sharing });
    this.#hasGrown ||= sharing.hasUnknown;
    return outcome;
  }

  async #annotate(pass: string, { run, queue, models }: Opened): Promise<AnnotationOutcome> {
    const { experiment: { annotation }, plan } = this.#loaded;
    const isOwn = annotation?.design.pass === pass;
    const annotating = isOwn ? { ...this.#loaded, setup: annotation } : await this.#options.loadPass(pass);
    const { outcome, hasUnknown } = await annotateJobs({ run, queue }, annotating, {
      ...this.#sessionOptions(models),
      watch: this.#watch,
      // A discussion that was added to the run meanwhile has to be run first.
      ...(isOwn ? { models, knows: (id) => plan.find(id) !== null } : {}),
      retry: this.#options.retry,
    });
    this.#hasGrown ||= hasUnknown;
    return outcome;
  }

  #sessionOptions({ concurrency: most }: OpenModels) {
    const { concurrency = Math.min(most, CONCURRENCY_MAX), stop, abort, stopEarly } = this.#options;
    return { concurrency, stop, abort, stopEarly, notify: this.notify, budget: this.#watch.budget };
  }
}

/** Adds two outcomes of one task, because a worker that waits can work on a task several times. */
function addedUp(before: RunOutcome | null, now: RunOutcome): RunOutcome {
  if (before === null) return now;
  return {
    ...now,
    ended: before.ended + now.ended,
    endedBefore: before.endedBefore + now.endedBefore,
    setAside: before.setAside + now.setAside,
    stopped: [...before.stopped, ...now.stopped],
  };
}

/** What the run records at the end of this worker. */
function summedUp({ discussions, annotations }: Pick<WorkerOutcome, "discussions" | "annotations">) {
  const nothing = { ended: 0, setAside: 0, cutShort: null };
  const annotation = [...annotations.values()].find(({ cutShort, setAside }) =>
    cutShort !== null || setAside > 0
  );
  return { outcome: discussions ?? nothing, annotation: annotation ?? null };
}
