/** Jobs in memory, for tests and simulations. They are lost when the process ends. */
import type { Job, JobCounts, WorkQueue } from "./work_queue.ts";

type State = "waiting" | "done" | "failed" | Held;

/** A job that a worker has. */
type Held = Readonly<{ by: WorkQueue; lost: AbortController }>;

/** Jobs in memory that several workers share. */
export type MemoryWorkQueues = Readonly<{
  /** The jobs, as one more worker sees them. */
  open: () => WorkQueue;
  /** Gives the jobs of a worker to others, as if it had died. The worker itself may go on. */
  presumeDead: (worker: WorkQueue) => void;
}>;

/** Makes jobs in memory. There are none at first. */
export function memoryWorkQueues(): MemoryWorkQueues {
  const tasks = new Map<string, Map<string, State>>();
  let waiters: (() => void)[] = [];

  const change = () => {
    for (const wake of waiters.splice(0)) wake();
  };
  const changed = (signal: AbortSignal): Promise<void> => {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        signal.removeEventListener("abort", wake);
        waiters = waiters.filter((waiter) => waiter !== wake);
        resolve();
      };
      waiters.push(wake);
      signal.addEventListener("abort", wake);
    });
  };
  const jobsOf = (task: string) => tasks.getOrInsertComputed(task, () => new Map<string, State>());
  const giveBack = (worker: WorkQueue, whose: (held: Held) => void) => {
    for (const jobs of tasks.values()) {
      for (const [stream, state] of jobs) {
        if (typeof state === "string" || state.by !== worker) continue;
        jobs.set(stream, "waiting");
        whose(state);
      }
    }
    change();
  };
  const held = (task: string, stream: string, by: WorkQueue): Job => {
    const jobs = jobsOf(task);
    const own: Held = { by, lost: new AbortController() };
    jobs.set(stream, own);
    const become = (state: State) => {
      if (jobs.get(stream) === own) jobs.set(stream, state);
      change();
      return Promise.resolve();
    };
    return {
      task,
      stream,
      lost: own.lost.signal,
      expiring: new AbortController().signal,
      done: () => become("done"),
      failed: () => become("failed"),
      putBack: () => become("waiting"),
    };
  };
  const open = (): WorkQueue => {
    const queue: WorkQueue = {
      add(task, streams) {
        const jobs = jobsOf(task);
        for (const stream of streams) {
          if (jobs.get(stream) === "failed" || !jobs.has(stream)) jobs.set(stream, "waiting");
        }
        change();
        return Promise.resolve();
      },
      tasks: () => Promise.resolve([...tasks.keys()]),
      async take(task, signal) {
        const jobs = jobsOf(task);
        while (!signal.aborted) {
          const waiting = [...jobs].find(([, state]) => state === "waiting");
          if (waiting !== undefined) return held(task, waiting[0], queue);
          if (countsOf(jobs).active === 0) return null;
          await changed(signal);
        }
        return null;
      },
      counts: (task) => Promise.resolve(countsOf(jobsOf(task))),
      changed,
      close: () => Promise.resolve(giveBack(queue, () => {})),
    };
    return queue;
  };
  return {
    open,
    presumeDead: (worker) => giveBack(worker, ({ lost }) => lost.abort()),
  };
}

function countsOf(jobs: ReadonlyMap<string, State>): JobCounts {
  const counts = { waiting: 0, active: 0, done: 0, failed: 0 };
  for (const state of jobs.values()) counts[typeof state === "string" ? state : "active"]++;
  return counts;
}
