/**
 * The port of the work that several processes share. The work consists of jobs. One process at a time has a
 * job.
 */

/** Work on one stream. When the work ends, call `done()`, `failed()` or `putBack()`, and only one of them. */
export type Job = Readonly<{
  task: string;
  stream: string;
  /**
   * Aborted when the queue has given the job to another worker. From then on, the calls below have no effect.
   */
  lost: AbortSignal;
  /**
   * Aborted when the job has run for a long time. Put it back soon: the queue will give it to another worker.
   */
  expiring: AbortSignal;
  /** The work is complete. */
  done: () => Promise<void>;
  /** The stream failed. No worker gets the job until it is added again. */
  failed: (reason: string) => Promise<void>;
  /** The job goes back to the queue. Any worker can take it. */
  putBack: () => Promise<void>;
}>;

/** A job to add. Jobs of one lane need the same models; see `take()`. */
export type NewJob = Readonly<{ stream: string; lane: string }>;

/** How a job is taken. */
export type Taking = Readonly<{
  /** Ends the wait. */
  signal: AbortSignal;
  /** Jobs of these lanes are never taken by this call. They stay for other workers. */
  except?: ReadonlySet<string>;
  /**
   * Jobs of these lanes are not taken now. If only such jobs are left, the call waits. The caller can end the
   * wait, and take them in a later call.
   */
  later?: ReadonlySet<string>;
}>;

/** How many jobs of a task there are. */
export type JobCounts = Readonly<{ waiting: number; active: number; done: number; failed: number }>;

/** The jobs of one run, as one process sees them. A task is a kind of work, such as an annotation pass. */
export interface WorkQueue {
  /**
   * Adds jobs. A stream has one job in a task. If this job has failed, it waits again. Any other job that
   * exists stays as it is.
   */
  add(task: string, jobs: Iterable<NewJob>): Promise<void>;
  /** The tasks that have jobs, in the order in which they were first added. */
  tasks(): Promise<readonly string[]>;
  /**
   * Takes the job that was added first. If no job waits but other workers have jobs, this call waits, because
   * their jobs can come back. A stream has only one writer. So the call also waits while another worker has a
   * job of the same stream in another task.
   *
   * @returns The job. `null` if the signal is aborted, or if no job can be taken now or later.
   */
  take(task: string, options: Taking): Promise<Job | null>;
  /** Counts the jobs of a task. */
  counts(task: string): Promise<JobCounts>;
  /**
   * Resolves soon after jobs were added. It can also resolve if there are no new jobs.
   *
   * @param signal Ends the wait.
   */
  changed(signal: AbortSignal): Promise<void>;
  /** Puts back all jobs that this process still has, and ends the connection. */
  close(): Promise<void>;
}
