/** The port of the work that several processes share: jobs, each of which one process has at a time. */

/** Work on one stream. Its end is told once, by one of `done()`, `failed()` and `putBack()`. */
export type Job = Readonly<{
  task: string;
  stream: string;
  /** Aborted when the queue has given the job to another worker. From then on, its end is no longer taken. */
  lost: AbortSignal;
  /** Aborted when the job has run for long. Put it back soon, since the queue will take it away. */
  expiring: AbortSignal;
  /** There is nothing left to do. */
  done: () => Promise<void>;
  /** The stream failed. The job waits again only when it is added again. */
  failed: (reason: string) => Promise<void>;
  /** The job waits again, for any worker. */
  putBack: () => Promise<void>;
}>;

/** A job to add. Jobs of one lane need the same models; see `take()`. */
export type NewJob = Readonly<{ stream: string; lane: string }>;

/** How a job is taken. */
export type Taking = Readonly<{
  /** Ends the wait. */
  signal: AbortSignal;
  /** Jobs of these lanes stay for others, also later. */
  except?: ReadonlySet<string>;
  /** Jobs of these lanes stay for now. If no others are left, the call waits: the caller can end it and take them later. */
  later?: ReadonlySet<string>;
}>;

/** How many jobs of a task there are. */
export type JobCounts = Readonly<{ waiting: number; active: number; done: number; failed: number }>;

/** The jobs of one run, as one process sees them. A task is a kind of work, such as an annotation pass. */
export interface WorkQueue {
  /** Adds jobs, each stream once. Jobs that failed wait again, and others that exist stay as they are. */
  add(task: string, jobs: Iterable<NewJob>): Promise<void>;
  /** The tasks that have jobs, in the order in which they were first added. */
  tasks(): Promise<readonly string[]>;
  /**
   * Takes the job that was added first. While none waits and other workers have jobs, it waits, since their jobs can come
   * back. It also waits while a worker has the job of the same stream in another task, since a stream has one writer.
   *
   * @returns `null` if no job waits that can be taken, now or later, and no worker has one; or when the signal is aborted.
   */
  take(task: string, options: Taking): Promise<Job | null>;
  /** Counts the jobs of a task. */
  counts(task: string): Promise<JobCounts>;
  /** Waits until jobs may have been added. It can also resolve without a reason. @param signal Ends the wait. */
  changed(signal: AbortSignal): Promise<void>;
  /** Puts the jobs back that this process still has, and ends the connection. */
  close(): Promise<void>;
}
