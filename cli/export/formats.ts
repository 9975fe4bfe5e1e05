/** The formats of `export`: how each fills its folder. */
import { join } from "node:path";
import { type CardFacts, dataCard, pythonDiscussion } from "../../adapters/exports/mod.ts";
import type { RunReader } from "../../adapters/stores/mod.ts";
import { originalText, type RunTables, type TableFormat, type TableName } from "../../adapters/tables/mod.ts";
import { readSlots } from "../../analysis/projections/mod.ts";
import type { Logs } from "../shared/logs.ts";
import { createHash } from "node:crypto";

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
    const discussion = await readSlots(logs.events(name));
    if (discussion === null) continue;
    const files = join(folder, "discussions", conditions.nameOf(discussion.design.condition));
    await Deno.mkdir(files, { recursive: true });
    const file = join(files, `${names.nameOf(name)}.json`);
    await Deno.writeTextFile(file, `${JSON.stringify(pythonDiscussion(discussion), null, 4)}\n`);
    discussions++;
  }
  return { written: { discussions }, folders: Object.fromEntries(conditions.cut) };
}

/** What a row of each table is. */
const MEANINGS: Readonly<Record<TableName, string>> = {
  comments: "a comment",
  silences: "a turn in which somebody chose to say nothing",
  cut_turns: "a turn without a comment, since the limit of tokens cut the reply before any text",
  annotations: "one annotator's judgement of one comment on one scale",
  annotations_unparsed: "an annotator's reply that held no valid value of a scale",
  discussions: "a discussion",
  participants: "a participant of a discussion",
  generations: "a request to a model",
  events: "an event of a log",
};

/** More conditions or models than a card lists would make nobody wiser. */
const LISTED_MAX = 1_000;

/**
 * Asks for the facts.
 *
 * @param run The run.
 * @param tables Its tables.
 * @param counts How many rows those have that the data set holds.
 */
export async function readCardFacts(
  { manifest: { experiment, versions } }: RunReader,
  tables: RunTables,
  counts: Readonly<Record<string, number>>,
): Promise<CardFacts> {
  const ask = async (sql: string) =>
    (await tables.rows(sql, LISTED_MAX)).rows.map((row) =>
      row.map((cell) => originalText(cell ?? "").toWellFormed())
    );
  const [totals] = await ask(
    `SELECT count(*), count(*) FILTER (status = 'unfinished'), coalesce(sum(comments), 0),
    coalesce(sum(silences), 0) FROM discussions`,
  );
  const [total, unfinished, comments, silences] = totals!.map(Number) as [number, number, number, number];
  const conditions = await ask(
    "SELECT condition, count(*) FROM discussions GROUP BY condition ORDER BY condition",
  );
  const models = await ask(`
    WITH named AS (
      SELECT m.key AS name, any_value(coalesce(m.value->>'$.options.model', m.value->>'$.adapter')) AS served
      FROM (SELECT data FROM events WHERE type = 'DiscussionOpened') e, json_each(e.data, '$.models') m GROUP BY m.key)
    SELECT name, served, count(c.comment) FROM named LEFT JOIN comments c ON c.model = name
    GROUP BY name, served ORDER BY name`);
  return {
    experiment: experiment.name,
    experimentHash: experiment.sha256,
    version: versions.syndisco ?? "",
    tables: Object.entries(counts).map(([name, rows]) => ({
      name,
      rows,
      meaning: MEANINGS[name as TableName],
    })),
    discussions: { total, unfinished },
    comments,
    silences,
    conditions: conditions.map(([name, count]) => ({ name: name!, discussions: Number(count) })),
    models: models.map(([name, served, count]) => ({
      name: name!,
      served: served!,
      comments: Number(count),
    })),
  };
}

/** Bytes that a name has at most: file systems take 255, and an ending and those who rename files need some. */
const NAME_BYTES_MAX = 160;

/** Digits of the hash that stands for what a name has no room for. */
const HASH_DIGITS = 12;

/** Letters, marks and digits of all scripts. */
const PLAIN = /^[\p{L}\p{M}\p{N}+._=-]$/u;

const encoder = new TextEncoder();

/** Gives names, each to one label alone. */
export class FileNames {
  /** What file systems that ignore case and normal forms take for equal → the label. */
  readonly #labels = new Map<string, string>();
  readonly #cut = new Map<string, string>();

  /** The labels that their names do not tell: name → label. */
  get cut(): ReadonlyMap<string, string> {
    return this.#cut;
  }

  /**
   * A label's name: letters and digits stay, other characters are written as `%` and two hexadecimal digits a byte. One
   * that is too long, or that some file systems would take for another one's, ends in a hash of the label.
   *
   * @param label Any text.
   */
  nameOf(label: string): string {
    const { name, isWhole } = beginningOf(label);
    const key = name.normalize("NFC").toLowerCase();
    const holder = this.#labels.get(key) ?? label;
    if (isWhole && holder === label) {
      this.#labels.set(key, label);
      return name;
    }
    const hash = createHash("sha256").update(label).digest("hex").slice(0, HASH_DIGITS);
    const hashed = `${name}~${hash}`;
    this.#cut.set(hashed, label);
    return hashed;
  }
}

/** As much of a label as a name has room for. */
function beginningOf(label: string): Readonly<{ name: string; isWhole: boolean }> {
  let name = "";
  let bytes = 0;
  for (const character of label) {
    // A leading dot would hide the file, or name this folder or its parent.
    const isPlain = PLAIN.test(character) && !(name === "" && character === ".");
    const shown = isPlain ? character : escaped(character);
    bytes += encoder.encode(shown).length;
    if (bytes > NAME_BYTES_MAX) return { name, isWhole: false };
    name += shown;
  }
  return { name: name === "" ? "~" : name, isWhole: true };
}

function escaped(character: string): string {
  return [...encoder.encode(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
    .join("");
}
