/** The jobs of a task as items of a run. They are taken one at a time, and each is given back. */
import { ClaimLost } from "../ports/event_store.ts";
import type { SharedRun } from "../ports/run.ts";
import type { Job, WorkQueue } from "../ports/work_queue.ts";
import { RunError } from "../run_log/run_error.ts";
import { NEVER } from "./waits.ts";
import type { SessionEnd, Sharing } from "./work.ts";

/** Where the jobs come from, and the run that they belong to. */
export type JobSource<Item> = Readonly<{
  queue: Pick<WorkQueue, "take">;
  task: string;
  run: Pick<SharedRun, "place" | "claim" | "unclaim">;
  /** The item of a job; `null` if the run has grown, so that this process does not know the job. */
  itemOf: (stream: string) => Item | null;
}>;

/**
 * If this number of claims in a row fail, this process has lost its share of the run. A process that only
 * stood still for a while loses fewer: the claims that were in progress.
 */
const LOST_CLAIMS_MAX = 100;

/** The error of a process that has lost its share of the run. */
export function takenOver({ place }: Pick<SharedRun, "place">, cause: ClaimLost): RunError {
  return new RunError(
    "in-use",
    `Cannot continue the run "${place}": this process did not answer for a while, so other processes have ` +
      `taken over its discussions. Nothing is lost. Start the process again`,
    { cause },
  );
}

/** A job that was taken, and whether it was opened. */
type Taken = { readonly job: Job; isClaimed: boolean; readonly settled: PromiseWithResolvers<void> };

/** The jobs of a task: the items of a run, and how their streams are shared. */
export class SharedJobs<Item> implements AsyncIterableIterator<Item>, Sharing {
  readonly #source: JobSource<Item>;
  readonly #taken = new Map<string, Taken>();
  /**
   * The lanes that were stopped in this process. Their jobs stay in the queue, for other processes and for
   * later starts.
   */
  readonly #stopped = new Set<string>();
  /** The lanes that are full now. This process takes no jobs of these lanes until they have room again. */
  #full: ReadonlySet<string> = new Set();
  /** Ends the wait for a job. Aborted when a lane has room again, and when no more jobs are taken. */
  #attempt = new AbortController();
  #isOver = false;
  /** The job that is being taken. */
  #taking: Promise<unknown> = Promise.resolve();
  /** How many claims in a row have failed. */
  #lostClaims = 0;
  /** Whether there is a job that this process does not know. Then it takes no more jobs. */
  hasUnknown = false;

  /** Takes nothing yet. */
  constructor(source: JobSource<Item>) {
    this.#source = source;
  }

  /** Returns itself, because each job can be taken only once. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Takes a job. Waits while other processes have jobs that can come back. */
  next(): Promise<IteratorResult<Item>> {
    const taking = this.#next();
    this.#taking = taking.catch(() => {});
    return taking;
  }

  async #next(): Promise<IteratorResult<Item>> {
    const { itemOf } = this.#source;
    while (!this.hasUnknown) {
      const job = await this.#take();
      if (job === null) break;
      // If this process stood still for a while, it can lose a job and get it again, before it has noticed
      // the loss. The earlier work on the job must end first.
      await this.#taken.get(job.stream)?.settled.promise;
      if (this.#isOver) {
        await job.putBack();
        break;
      }
      const item = itemOf(job.stream);
      if (item === null) {
        this.hasUnknown = true;
        await job.putBack();
        break;
      }
      this.#taken.set(job.stream, { job, isClaimed: false, settled: Promise.withResolvers() });
      return { done: false, value: item };
    }
    return { done: true, value: undefined };
  }

  /**
   * Takes a job of a lane that has room. When another lane has room again, the wait for a job begins anew.
   */
  async #take(): Promise<Job | null> {
    const { queue, task } = this.#source;
    while (!this.#isOver) {
      const { signal } = this.#attempt = new AbortController();
      const job = await queue.take(task, { signal, except: this.#stopped, later: this.#full });
      if (job !== null || !signal.aborted) return job;
    }
    return null;
  }

  /** Takes no jobs of these lanes until the next call. */
  readonly postpone = (lanes: ReadonlySet<string>): void => {
    const hasRoom = !this.#full.isSubsetOf(lanes);
    this.#full = lanes;
    if (hasRoom) this.#attempt.abort();
  };

  /** Takes no more jobs. Puts back all jobs that were not opened, also one that is just being taken. */
  async return(): Promise<IteratorResult<Item>> {
    this.#isOver = true;
    this.#attempt.abort();
    const unopened = [...this.#taken.values()].filter(({ isClaimed }) => !isClaimed);
    for (const { job, settled } of unopened) {
      this.#taken.delete(job.stream);
      settled.resolve();
      await job.putBack();
    }
    await this.#taking;
    return { done: true, value: undefined };
  }

  /**
   * Takes the stream of a job.
   *
   * @throws {ClaimLost} If another process has it.
   * @throws {RunError} If other processes have taken over all the work of this process.
   */
  readonly claim = async (stream: string): Promise<void> => {
    this.#taken.get(stream)!.isClaimed = true;
    const { run } = this.#source;
    try {
      await run.claim(stream);
      this.#lostClaims = 0;
    } catch (error) {
      if (!(error instanceof ClaimLost) || ++this.#lostClaims < LOST_CLAIMS_MAX) throw error;
      throw takenOver(run, error);
    }
  };

  /** Aborted when the queue has given the job of a stream to another process. */
  readonly lost = (stream: string): AbortSignal => this.#taken.get(stream)?.job.lost ?? NEVER;

  /** Aborted when the job of a stream should be put back, because it has run for a long time. */
  readonly expiring = (stream: string): AbortSignal => this.#taken.get(stream)?.job.expiring ?? NEVER;

  /** Gives a stream and its job back. */
  readonly settle = async (stream: string, end: SessionEnd): Promise<void> => {
    const taken = this.#taken.get(stream);
    if (taken === undefined) return;
    const { job, isClaimed } = taken;
    taken.isClaimed = true;
    try {
      // The stream is released before the job. So the next process that takes the job finds the stream free.
      if (isClaimed) await this.#source.run.unclaim(stream);
      await this.#giveBack(job, end);
    } finally {
      this.#taken.delete(stream);
      taken.settled.resolve();
    }
  };

  async #giveBack(job: Job, end: SessionEnd): Promise<void> {
    switch (end.kind) {
      case "ended":
        return await job.done();
      case "failed":
        return await job.failed(end.reason);
      case "skipped":
        return await job.failed("the discussion has not ended");
      case "left":
        this.#stopped.add(end.lane);
        return await job.putBack();
      case "interrupted":
      case "lost":
        return await job.putBack();
    }
  }
}
