/** Jobs in memory, for tests and simulations. They are lost when the process ends. */
import type { Job, JobCounts, WorkQueue } from "./work_queue.ts";

type State = "waiting" | "done" | "failed" | Held;
type Entry = { readonly lane: string; state: State };

/** The state of a job that a worker has. */
type Held = Readonly<{ by: WorkQueue; lost: AbortController }>;

/** Jobs in memory that several workers share. */
export type MemoryWorkQueues = Readonly<{
  /** Connects another worker to the jobs. */
  open: () => WorkQueue;
  /** Gives the jobs of a worker to other workers, as if this worker had died. It can continue to work. */
  presumeDead: (worker: WorkQueue) => void;
}>;

/** Makes jobs in memory. There are none at first. */
export function memoryWorkQueues(): MemoryWorkQueues {
  const tasks = new Map<string, Map<string, Entry>>();
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
  const jobsOf = (task: string) => tasks.getOrInsertComputed(task, () => new Map<string, Entry>());
  /** Whether a worker has the stream, in any task. */
  const isBusy = (stream: string) =>
    [...tasks.values()].some((jobs) => typeof (jobs.get(stream)?.state ?? "done") !== "string");
  const giveBack = (worker: WorkQueue, whose: (held: Held) => void) => {
    for (const jobs of tasks.values()) {
      for (const entry of jobs.values()) {
        const { state } = entry;
        if (typeof state === "string" || state.by !== worker) continue;
        entry.state = "waiting";
        whose(state);
      }
    }
    change();
  };
  const held = (
    entry: Entry,
    by: WorkQueue,
  ): Pick<Job, "lost" | "expiring" | "done" | "failed" | "putBack"> => {
    const own: Held = { by, lost: new AbortController() };
    entry.state = own;
    const become = (state: State) => {
      if (entry.state === own) entry.state = state;
      change();
      return Promise.resolve();
    };
    return {
      lost: own.lost.signal,
      expiring: new AbortController().signal,
      done: () => become("done"),
      failed: () => become("failed"),
      putBack: () => become("waiting"),
    };
  };
  const open = (): WorkQueue => {
    const queue: WorkQueue = {
      add(task, added) {
        const jobs = jobsOf(task);
        for (const { stream, lane } of added) {
          const entry = jobs.getOrInsertComputed(stream, () => ({ lane, state: "waiting" }));
          if (entry.state === "failed") entry.state = "waiting";
        }
        change();
        return Promise.resolve();
      },
      tasks: () => Promise.resolve([...tasks].filter(([, jobs]) => jobs.size > 0).map(([task]) => task)),
      async take(task, { signal, except, later }) {
        const jobs = jobsOf(task);
        while (!signal.aborted) {
          let isBlocked = false;
          for (const [stream, entry] of jobs) {
            if (entry.state !== "waiting" || except?.has(entry.lane)) continue;
            if (!later?.has(entry.lane) && !isBusy(stream)) return { task, stream, ...held(entry, queue) };
            isBlocked = true;
          }
          if (!isBlocked && countsOf(jobs).active === 0) return null;
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

function countsOf(jobs: ReadonlyMap<string, Entry>): JobCounts {
  const counts = { waiting: 0, active: 0, done: 0, failed: 0 };
  for (const { state } of jobs.values()) counts[typeof state === "string" ? state : "active"]++;
  return counts;
}
