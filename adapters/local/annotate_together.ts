/** Adds an annotation pass to a run that several processes share, and works on it together with them. */
import { type AnnotationNotice, endedDiscussions } from "../../core/engine/mod.ts";
import { RUN_TEXTS, type RunHome, type WorkQueue } from "../../core/ports/mod.ts";
import { nativeSha256, systemClock } from "../system.ts";
import type { AnnotateOptions } from "./annotate_run.ts";
import { inputsOf } from "./inputs.ts";
import type { LoadedAnnotation } from "./load_experiment.ts";
import { reachedModels } from "./open_models.ts";
import { runEnded, runStarted } from "./run_events.ts";
import { addPassJobs, passTask } from "./run_jobs.ts";
import { pricesOf, RunWatch, type WatchOptions } from "./run_watch.ts";
import { annotateJobs, inShare, jobsOf, recordIfShared, refusePeople, sharingLimits } from "./shared_runs.ts";
import type { WorkerOptions, WorkerOutcome } from "./worker.ts";

/** How a pass is shared. */
export type AnnotateTogetherOptions =
  & Omit<AnnotateOptions, "sharing" | "notify">
  & WatchOptions
  & Pick<WorkerOptions, "openQueue" | "openBoard">
  & Readonly<{
    /** The ids of the discussions to annotate. */
    discussions: readonly string[];
    /** Called when the work begins. Returns what is called for each notice. */
    begins?: (task: string, queue: WorkQueue) => (notice: AnnotationNotice) => void;
  }>;

/**
 * Adds an annotation pass over the ended discussions to a run. If the run has the pass already, its failed jobs wait
 * for a worker again. Works on the pass until none of its jobs is left.
 *
 * @throws {OtherPass} When the run has a different pass with the same name. Then nothing is written.
 * @throws {RunError} When there is no run, it is in use as a whole, or other processes have taken over the work of
 *   this one.
 * @throws {ModelError} When a model cannot work as it is set up.
 * @throws {StoreError} When a log can no longer be written.
 */
export async function annotateTogether(
  home: RunHome,
  loaded: LoadedAnnotation,
  options: AnnotateTogetherOptions,
): Promise<WorkerOutcome> {
  return await inShare(home, () => annotateUntilClosed(home, loaded, options));
}

async function annotateUntilClosed(
  home: RunHome,
  loaded: LoadedAnnotation,
  options: AnnotateTogetherOptions,
): Promise<WorkerOutcome> {
  const { setup: { design, models }, text } = loaded;
  const { discussions, concurrency, retry, limits, pause, stop, abort } = options;
  await using closing = new AsyncDisposableStack();
  refusePeople(home.place, Object.entries(models), loaded);
  const watch = new RunWatch({ ...options, ...sharingLimits(options, closing) });
  const reached = reachedModels(Object.entries(models), loaded.adapters, design.pass);
  const run = await home.join({ reaching: { reached, nowMs: systemClock.now() } });
  closing.defer(run.close);
  const queue = await options.openQueue();
  closing.defer(() => queue.close());
  closing.use(watch);
  await watch.open(run, pricesOf(Object.entries(models), design.pass));
  const { store } = run;
  const ended = new Set(
    await Array.fromAsync(endedDiscussions(discussions, design, { store, sha256: nativeSha256 })),
  );
  const name = RUN_TEXTS.annotation(design.pass);
  await run.writeText(name, text);
  await run.keepInputs(inputsOf(loaded));
  await recordIfShared(
    run,
    runStarted({
      command: "annotate",
      options: { pass: design.pass, concurrency, limits, pause, retry },
      models: Object.entries(models),
      file: loaded,
      copy: { [name]: nativeSha256(text) },
    }),
  );
  // Other workers begin when the first job is there. By now, the run has recorded everything that they need.
  await addPassJobs(queue, design, ended);
  const left = run.manifest.plan.discussions - ended.size;
  if (left > 0) {
    const { waiting, active, done, failed } = await queue.counts(passTask(design.pass));
    const isOwn = waiting + active + done + failed > ended.size;
    watch.warn(
      `${left} of the planned discussions have not ended, so this command ` +
        (isOwn
          ? `annotates only the discussions before the first of these: the pass "${design.pass}" belongs to the ` +
            "experiment. Workers annotate the others when all discussions have ended, or give this command again then"
          : "leaves them out. Give this command again when they have ended"),
    );
  }
  const { outcome } = await annotateJobs({ run, queue }, loaded, {
    watch,
    // The experiment's own pass also has jobs for discussions that have not ended.
    knows: (id) => ended.has(id),
    concurrency,
    retry,
    stop,
    abort,
    notify: options.begins?.(passTask(design.pass), queue),
  });
  await recordIfShared(run, runEnded({ command: "annotate", outcome }));
  const jobs = await jobsOf(queue);
  return { discussions: null, annotations: new Map([[design.pass, outcome]]), jobs, hasGrown: false };
}
