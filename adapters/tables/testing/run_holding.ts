import type { DiscussionEvent } from "../../../core/events/mod.ts";
import { linesOf } from "../../../core/testing/mod.ts";
import { openRunFolder, readRunFolder, type RunReader } from "../../stores/mod.ts";
import { sampleRun } from "../../../core/testing/sample_run.ts";
import { RunTables } from "../run_tables.ts";

export async function runHolding(
  folder: string,
  streams: Readonly<Record<string, readonly DiscussionEvent[]>>,
): Promise<RunReader> {
  const run = await openRunFolder(folder, sampleRun(), { durable: false });
  for (const [stream, events] of Object.entries(streams)) {
    await run.store.append(stream, 0, linesOf(stream, events));
  }
  await run.close();
  return readRunFolder(folder);
}

export async function answerOf(
  folder: string,
  runs: Readonly<Record<string, RunReader>>,
  sql: string,
): Promise<(string | null)[][]> {
  using tables = await RunTables.open(new Map(Object.entries(runs)), {
    folder,
    onDamage(damage) {
      throw damage;
    },
  });
  return (await tables.rows(sql, 1_000)).rows.map((row) => [...row]);
}
