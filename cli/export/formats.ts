/** The formats of `export`: how each fills its folder. */
import { join } from "node:path";
import { dataCard, pythonDiscussion } from "../../adapters/exports/mod.ts";
import type { RunReader } from "../../adapters/stores/mod.ts";
import type { RunTables, TableFormat, TableName } from "../../adapters/tables/mod.ts";
import { eventOf } from "../../core/events/mod.ts";
import type { Logs } from "../logs.ts";
import { readCardFacts } from "./card_facts.ts";
import { FileNames } from "./file_names.ts";

/** What is exported, and to where. */
export type Exporting = Readonly<{
  run: RunReader;
  tables: RunTables;
  /** Which of the tables. */
  names: readonly TableName[];
  /** Whether spreadsheets may run what cells hold. */
  raw: boolean;
  folder: string;
}>;

/** How many rows each table has, or how many files were written. */
export type Counts = Readonly<Record<string, number>>;

/** Writes tables, a file each. */
export async function exportTables(
  { tables, names, raw, folder }: Exporting,
  format: TableFormat,
): Promise<Counts> {
  const counts: Record<string, number> = {};
  for (const name of names) {
    counts[name] = await tables.writeTable(name, join(folder, `${name}.${format}`), { format, raw });
  }
  return counts;
}

/** Writes a data set as the Hugging Face hub expects it. */
export async function exportDataSet(exporting: Exporting): Promise<Counts> {
  const { run, tables, folder } = exporting;
  const data = join(folder, "data");
  await Deno.mkdir(data);
  const counts = await exportTables({ ...exporting, folder: data }, "parquet");
  await Deno.writeTextFile(join(folder, "README.md"), dataCard(await readCardFacts(run, tables, counts)));
  return counts;
}

/**
 * Writes a file of the Python library for every discussion. Its format has no place for the condition: as where the
 * library's files are imported from, it is the name of the folder that a file lies in.
 *
 * @returns How many there are, and the folders whose names have no room for the condition: name → condition.
 */
export async function exportPythonLibrary(
  logs: Logs,
  folder: string,
): Promise<Readonly<{ written: Counts; folders: Readonly<Record<string, string>> }>> {
  const conditions = new FileNames();
  const names = new FileNames();
  let discussions = 0;
  for await (const name of logs.discussions()) {
    let condition = "";
    const events = async function* () {
      for await (const envelope of logs.events(name)) {
        const event = eventOf(envelope);
        if (event.type === "DiscussionOpened") condition = event.data.condition;
        yield envelope;
      }
    };
    const discussion = await pythonDiscussion(events());
    if (discussion === null) continue;
    const files = join(folder, "discussions", conditions.nameOf(condition));
    await Deno.mkdir(files, { recursive: true });
    const file = join(files, `${names.nameOf(name)}.json`);
    await Deno.writeTextFile(file, `${JSON.stringify(discussion, null, 4)}\n`);
    discussions++;
  }
  return { written: { discussions }, folders: Object.fromEntries(conditions.cut) };
}
