/** Writes a run in each format of `export`. */
import { join } from "node:path";
import { type CardFacts, dataCard, pythonDiscussion } from "../../adapters/exports/mod.ts";
import { HUMAN } from "../../adapters/people/human_adapter.ts";
import type { RunReader } from "../../core/ports/mod.ts";
import {
  DATA_DICTIONARY,
  dictionaryCsv,
  originalText,
  type RunTables,
  TABLE_FACTS,
  type TableFormat,
  type TableName,
} from "../../adapters/tables/mod.ts";
import { readSlots } from "../../analysis/projections/mod.ts";
import { scratchFolder } from "../shared/files.ts";
import { openTables, type RunLogs } from "../shared/logs.ts";
import type { TextSink } from "../terminal/text_sink.ts";
import { createHash } from "node:crypto";

/** The values of `--format`. */
export type ExportFormat = TableFormat | "python-library" | "huggingface";

type Options = Readonly<{
  format: ExportFormat;
  /** The tables to export. */
  names: readonly TableName[];
  /** Leaves cells unchanged, even if a spreadsheet would run them as formulas. */
  raw: boolean;
  memory: string | undefined;
  stderr: TextSink;
}>;

/** The numbers of rows or files that were written, and folder names for `export.json`. */
type Exported = Readonly<{
  written: Readonly<Record<string, number>>;
  /** Folders whose names end in a hash: name → condition. */
  folders?: Readonly<Record<string, string>>;
}>;

/** Writes a run to a folder in the chosen format. */
export async function writeFormat(logs: RunLogs, folder: string, options: Options): Promise<Exported> {
  const { format, names, raw, memory, stderr } = options;
  if (format === "python-library") return await exportPythonLibrary(logs, folder);
  const { run } = logs;
  using scratch = scratchFolder();
  using tables = (await openTables([run.place], { scratch: scratch.path, memory, stderr })).tables;
  const isDataSet = format === "huggingface";
  const tableFormat = isDataSet ? "parquet" : format;
  const files = isDataSet ? join(folder, "data") : folder;
  Deno.mkdirSync(files, { recursive: true });
  const written: Record<string, number> = {};
  for (const name of names) {
    const file = join(files, `${name}.${tableFormat}`);
    written[name] = await tables.writeTable(name, file, { format: tableFormat, raw });
  }
  await Deno.writeTextFile(join(folder, DATA_DICTIONARY), dictionaryCsv(await tables.dictionary(names)));
  if (isDataSet) {
    await Deno.writeTextFile(join(folder, "README.md"), dataCard(await readCardFacts(run, tables, written)));
  }
  return { written };
}

/**
 * Writes a file of the Python library for each discussion. The format has no field for the condition, so the file's folder
 * is named after the condition, as `import` expects.
 */
async function exportPythonLibrary(logs: RunLogs, folder: string): Promise<Exported> {
  const conditions = new FileNames();
  const names = new FileNames();
  let discussions = 0;
  for await (const name of logs.discussions()) {
    const discussion = await readSlots(logs.events(name));
    if (discussion === null) continue;
    const files = join(folder, "discussions", conditions.nameOf(discussion.design.condition));
    Deno.mkdirSync(files, { recursive: true });
    const file = join(files, `${names.nameOf(name)}.json`);
    await Deno.writeTextFile(file, `${JSON.stringify(pythonDiscussion(discussion), null, 4)}\n`);
    discussions++;
  }
  return { written: { discussions }, folders: Object.fromEntries(conditions.cut) };
}

/** A card lists at most this many conditions or models. */
const LISTED_MAX = 1_000;

/** Reads the facts of a data card from the tables of a run. */
async function readCardFacts(
  { manifest: { experiment, versions } }: RunReader,
  tables: RunTables,
  counts: Readonly<Record<string, number>>,
): Promise<CardFacts> {
  const ask = async (sql: string) =>
    (await tables.rows(sql, LISTED_MAX)).rows.map((row) =>
      row.map((cell) => originalText(cell ?? "").toWellFormed())
    );
  const [totals] = await ask(`
    WITH people AS (
      SELECT e.stream AS discussion, m.key AS model
      FROM (SELECT stream, data FROM events WHERE type = 'DiscussionOpened') e, json_each(e.data, '$.models') m
      WHERE m.value->>'$.adapter' = '${HUMAN}')
    SELECT (SELECT count(*) FROM discussions), (SELECT count(*) FROM discussions WHERE status = 'unfinished'),
      count(*), count(c.prompt_hash) FILTER (p.model IS NULL), count(c.prompt_hash) FILTER (p.model IS NOT NULL),
      count(c.withheld), (SELECT count(*) FROM silences),
      (SELECT count(*) FROM silences WHERE reason IN ('timed-out', 'declined'))
    FROM comments c LEFT JOIN people p ON p.discussion = c.discussion AND p.model = c.model`);
  const [total, unfinished, comments, generated, written, withheld, silent, absences] = totals!.map(
    Number,
  ) as [number, number, number, number, number, number, number, number];
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
      meaning: TABLE_FACTS[name as TableName].row,
    })),
    discussions: { total, unfinished },
    comments,
    generated,
    written,
    withheld,
    silences: silent - absences,
    absences,
    conditions: conditions.map(([name, count]) => ({ name: name!, discussions: Number(count) })),
    models: models.map(([name, served, count]) => ({
      name: name!,
      served: served!,
      comments: Number(count),
    })),
  };
}

/** A name without its hash and ending has at most this many bytes. File systems accept 255 bytes in all. */
const NAME_BYTES_MAX = 160;

/** The number of hash digits at the end of a name. */
const HASH_DIGITS = 12;

/** The characters that file names keep: letters, marks and digits of all scripts, and `+._=-`. */
const PLAIN = /^[\p{L}\p{M}\p{N}+._=-]$/u;

const encoder = new TextEncoder();

/** Makes a unique file name for each label, of any length and in any script. */
class FileNames {
  /** Name in lower case and normal form → label. Some file systems compare names in this form. */
  readonly #labels = new Map<string, string>();
  readonly #cut = new Map<string, string>();

  /** The names that end in a hash: name → label. */
  get cut(): ReadonlyMap<string, string> {
    return this.#cut;
  }

  /**
   * A label's name. The characters of `PLAIN` stay; others are written as `%` and two hexadecimal digits per byte. A
   * name ends in a hash of the label if it is too long, or if some file systems confuse it with another name.
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

/** The beginning of a label that fits into a name. */
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
