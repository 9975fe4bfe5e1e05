/**
 * What every process does that shares a run: it annotates, shares limits, and at the end records where the logs end.
 */
import { type AnnotationOutcome, SharedJobs, takenOver } from "../../core/engine/mod.ts";
import {
  ClaimLost,
  type JobCounts,
  type LimitBoard,
  type RunHome,
  type SharedRun,
  type WorkQueue,
} from "../../core/ports/mod.ts";
import { RunError, type RunEvent } from "../../core/run_log/mod.ts";
import { WorkerLimits } from "../../core/sharing/mod.ts";
import { systemClock } from "../system.ts";
import { type AnnotateOptions, annotateStreams } from "./annotate_run.ts";
import type { LoadedAnnotation, LoadedFile } from "./load_experiment.ts";
import type { OpenModels } from "./open_models.ts";
import { recordLastEnds } from "./record_last_ends.ts";
import { passTask } from "./run_jobs.ts";
import type { RunWatch, WatchOptions } from "./run_watch.ts";

/** A run that this process shares, and its jobs. */
export type Shared = Readonly<{ run: SharedRun; queue: WorkQueue }>;

/** Refuses models that are people. Their pages are at one process, but any process could continue their discussion. */
export function refusePeople(
  place: string,
  models: Iterable<readonly [name: string, model: Readonly<{ adapter: string }>]>,
  { adapters }: Pick<LoadedFile, "adapters">,
): void {
  const person = [...models].find(([, { adapter }]) => adapters.get(adapter)?.asksPeople === true);
  if (person === undefined) return;
  throw new RunError(
    "unusable",
    `Cannot share the run "${place}" among processes: its model "${
      person[0]
    }" is a person, and people have their ` +
      'pages at one process. Only the process with the pages can continue: give the command "run" or "annotate" again',
  );
}

/**
 * Works on a run that this process shares with others. If no work and no other process is left afterwards, it also
 * records where the run's logs end.
 *
 * @param work Works on the run, and closes it before its promise resolves.
 * @throws {RunError} When other processes have taken over the work of this process.
 */
export async function inShare<Outcome extends Readonly<{ jobs: ReadonlyMap<string, JobCounts> }>>(
  home: RunHome,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  try {
    const outcome = await work();
    await recordLastEnds(home, outcome.jobs);
    return outcome;
  } catch (error) {
    const first = firstOf(error);
    throw first instanceof ClaimLost ? takenOver(home, first) : error;
  }
}

/** The error that came first. After it, closing can fail, too, and for the same reason. */
function firstOf(error: unknown): unknown {
  return error instanceof SuppressedError ? firstOf(error.suppressed) : error;
}

/** Records an event. Does nothing if other processes have taken over the work of this process. */
export async function recordIfShared(run: SharedRun, event: RunEvent): Promise<void> {
  try {
    await run.record(event, systemClock.now());
  } catch (error) {
    if (!(error instanceof ClaimLost)) throw error;
  }
}

/** How the jobs of a pass are done. Without `models`, the models of the pass are opened. */
export type PassWork =
  & AnnotateOptions
  & Readonly<{
    watch: RunWatch;
    models?: OpenModels;
    /**
     * Whether this process can annotate a discussion. If not, the job is put back, and this process takes no more jobs.
     */
    knows?: (discussion: string) => boolean;
  }>;

/**
 * Annotates discussions until no job of the pass is left.
 *
 * @returns The outcome, and whether the work ended because of a discussion that this process does not know.
 */
export async function annotateJobs(
  { run, queue }: Shared,
  annotating: Pick<LoadedAnnotation, "setup" | "adapters" | "folder" | "text">,
  { knows = () => true, ...work }: PassWork,
): Promise<Readonly<{ outcome: AnnotationOutcome; hasUnknown: boolean }>> {
  const { setup: { design, models } } = annotating;
  refusePeople(run.place, Object.entries(models), annotating);
  const itemOf = (id: string) => knows(id) ? id : null;
  const sharing = new SharedJobs({ queue, task: passTask(design.pass), run, itemOf });
  const options = { ...work, store: run.store, run, sharing };
  const outcome = await annotateStreams(() => sharing, annotating, options);
  return { outcome, hasUnknown: sharing.hasUnknown };
}

/** The jobs of each task. */
export async function jobsOf(queue: WorkQueue): Promise<ReadonlyMap<string, JobCounts>> {
  const tasks = await queue.tasks();
  return new Map(await Promise.all(tasks.map(async (task) => [task, await queue.counts(task)] as const)));
}

/** How the limits of a run are shared. */
export type LimitSharing = Readonly<{
  /**
   * Opens the board on which the workers share the limits of the run. Without it, each worker alone may use up the
   * limits.
   */
  openBoard?: () => LimitBoard;
  warn?: (message: string) => void;
}>;

/** This process's side of the limits that the workers share, until `closing` is disposed of. */
export function sharingLimits(
  { openBoard, warn = () => {} }: LimitSharing,
  closing: AsyncDisposableStack,
): Pick<WatchOptions, "shared"> {
  if (openBoard === undefined) return {};
  const board = openBoard();
  closing.defer(() => board.close());
  const shared = new WorkerLimits(board, {
    worker: crypto.randomUUID(),
    clock: systemClock,
    monotonicMs: () => performance.now(),
    onUnreachable: (error) =>
      warn(
        error === null
          ? "The limits are shared again, so new requests are sent"
          : `${error.message}. Soon, new requests wait until the limits can be shared again`,
      ),
  });
  return { shared };
}
