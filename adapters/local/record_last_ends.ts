/** Records where logs end, if killed processes could not record it. */
import type { JobCounts, RunHome } from "../../core/ports/mod.ts";
import { logEndsOf } from "../../core/run_log/mod.ts";

/**
 * Records the missing ends of logs in the run's log, if no job is left and no other process shares the run. Call it
 * after this process has closed the run. Then the last of several processes always sees that it is alone.
 */
export async function recordLastEnds(home: RunHome, jobs: ReadonlyMap<string, JobCounts>): Promise<void> {
  if ([...jobs.values()].some(({ waiting, active }) => waiting + active > 0)) return;
  if ((await home.holders()).length > 0) return;
  const run = await home.join();
  try {
    if (run.log.kind !== "kept") return;
    const ends = logEndsOf(run.log.log);
    for await (const { stream, size } of run.store.sizes()) {
      const recorded = ends.get(stream)?.[0] ?? 0;
      // Reading a log to its end also records this end. In a database, the size of a log is its number of events, so
      // the logs whose end is recorded already are not read.
      if (size !== recorded) await Array.fromAsync(run.store.read(stream, Math.max(0, recorded - 1)));
    }
  } finally {
    await run.close();
  }
}
