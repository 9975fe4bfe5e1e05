import type { DiscussionEvent } from "../../../core/events/mod.ts";
import { linesOf } from "../../../core/testing/mod.ts";
import type { RunReader } from "../../../core/ports/mod.ts";
import { folderRun } from "../../stores/mod.ts";
import { sampleRun } from "../../../core/testing/sample_run.ts";
import { RunTables } from "../run_tables.ts";

export async function runHolding(
  folder: string,
  streams: Readonly<Record<string, readonly DiscussionEvent[]>>,
): Promise<RunReader> {
  const home = folderRun(folder, { durable: false });
  const run = await home.open(sampleRun());
  for (const [stream, events] of Object.entries(streams)) {
    await run.store.append(stream, 0, linesOf(stream, events));
  }
  await run.close();
  return await home.read();
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
