/** The tables of the runs that a command names. */
import { RunTables } from "../../adapters/tables/mod.ts";
import { openRuns } from "./logs.ts";
import { neutralise } from "../terminal/neutralise.ts";
import type { TextSink } from "../terminal/text_sink.ts";

/** Tables, and whether they hold everything. */
export type OpenedTables = Readonly<{ tables: RunTables; damagedCount: number }>;

/** How tables are opened. */
export type TableOptions = Readonly<{
  /** An empty folder. */
  scratch: string;
  /** How much memory they may take, such as `1GB`. */
  memory: string | undefined;
  /** Where damage is told. */
  stderr: TextSink;
}>;

/**
 * Opens the tables of runs, and names the logs that are damaged.
 *
 * @param folders The runs' folders.
 * @param options See there.
 * @throws {RunFolderError} When there is no run in one of them.
 * @throws {UsageError} When one is named twice.
 * @throws {StoreError} When a discussion is in two of them.
 */
export async function openTables(
  folders: readonly string[],
  { scratch, memory, stderr }: TableOptions,
): Promise<OpenedTables> {
  let damagedCount = 0;
  const runs = new Map([...await openRuns(folders)].map(([name, { run }]) => [name, run]));
  const tables = await RunTables.open(runs, {
    folder: scratch,
    ...(memory === undefined ? {} : { memory }),
    onDamage({ message }) {
      damagedCount++;
      stderr.write(`${neutralise(message)}; what stands before that line is in the tables\n`);
    },
  });
  return { tables, damagedCount };
}
