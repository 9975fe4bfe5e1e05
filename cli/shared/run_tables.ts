/** Opens the tables of runs. */
import { RunTables } from "../../adapters/tables/mod.ts";
import { openRuns } from "./logs.ts";
import { neutralise } from "../terminal/neutralise.ts";
import type { TextSink } from "../terminal/text_sink.ts";

/** Tables, and the number of damaged logs. */
type OpenedTables = Readonly<{ tables: RunTables; damagedCount: number }>;

type TableOptions = Readonly<{
  /** An empty folder. */
  scratch: string;
  /** The memory that they may use, such as `1GB`. */
  memory: string | undefined;
  /** Where damaged logs are reported. */
  stderr: TextSink;
}>;

/** Opens the tables of runs, and reports damaged logs. Throws what `openRuns()` throws. */
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
      stderr.write(`${neutralise(message)}; the lines before it are in the tables\n`);
    },
  });
  return { tables, damagedCount };
}
