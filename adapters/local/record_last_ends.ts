/** Records the ends of logs that processes have left without recording them, because they were killed. */
import type { JobCounts, RunHome } from "../../core/ports/mod.ts";
import { logEndsOf } from "../../core/run_log/mod.ts";

/**
 * If no job is left, and no other process shares the run, records the ends of all logs that are not in the run's log. Call it after
 * this process has closed the run: then the last of several processes always sees that it is alone.
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
      // Stores that have rows give their number as the size. So this reads only the logs that have grown since.
      if (size !== recorded) await Array.fromAsync(run.store.read(stream, Math.max(0, recorded - 1)));
    }
  } finally {
    await run.close();
  }
}
