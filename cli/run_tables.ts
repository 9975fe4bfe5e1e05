/** The tables of the runs that a command names. */
import { basename, resolve } from "node:path";
import { RunTables } from "../adapters/tables/mod.ts";
import type { RunReader } from "../adapters/stores/mod.ts";
import { openRunLogs } from "./logs.ts";
import { neutralise } from "./terminal/neutralise.ts";
import type { TextSink } from "./terminal/text_sink.ts";
import { UsageError } from "./usage_error.ts";

/** Tables, and whether they hold everything. */
export type OpenedTables = Readonly<{ tables: RunTables; damagedCount: number }>;

/**
 * Opens the tables of runs, and names the logs that are damaged.
 *
 * @param folders The runs' folders.
 * @param scratch An empty folder.
 * @param stderr Where damage is told.
 * @throws {RunFolderError} When there is no run in one of them.
 * @throws {UsageError} When one is named twice.
 */
export async function openTables(
  folders: readonly string[],
  scratch: string,
  stderr: TextSink,
): Promise<OpenedTables> {
  let damagedCount = 0;
  const tables = await RunTables.open(named(folders), {
    folder: scratch,
    onDamage({ message }) {
      damagedCount++;
      stderr.write(`${neutralise(message)}; what stands before that line is in the tables\n`);
    },
  });
  return { tables, damagedCount };
}

/** Runs go by their folders' names, or by their paths where two have the same name. */
function named(folders: readonly string[]): Map<string, RunReader> {
  const paths = folders.map((folder) => resolve(folder));
  const again = paths.find((path, index) => paths.indexOf(path) !== index);
  if (again !== undefined) throw new UsageError(`Cannot read the run "${again}" twice: name each run once`);
  const names = paths.map((path) => basename(path));
  const areUnique = new Set(names).size === names.length;
  return new Map(
    folders.map((folder, index) => [areUnique ? names[index]! : folder, openRunLogs(folder).run]),
  );
}
