/** The formats of `export`, and how each fills its folder. */
import { join } from "node:path";
import { type CardFacts, dataCard, pythonDiscussion } from "../../adapters/exports/mod.ts";
import type { RunReader } from "../../adapters/stores/mod.ts";
import { originalText, type RunTables, type TableFormat, type TableName } from "../../adapters/tables/mod.ts";
import { readSlots } from "../../analysis/projections/mod.ts";
import { scratchFolder } from "../shared/files.ts";
import { openTables, type RunLogs } from "../shared/logs.ts";
import type { TextSink } from "../terminal/text_sink.ts";
import { createHash } from "node:crypto";

/** The formats that `--format` takes. */
export type ExportFormat = TableFormat | "python-library" | "huggingface";

type Options = Readonly<{
  format: ExportFormat;
  /** The tables to export. */
  names: readonly TableName[];
  /** Whether cells are left as they are, although spreadsheets may run them. */
  raw: boolean;
  memory: string | undefined;
  stderr: TextSink;
}>;

/** The rows of each table, or the number of files; and what `export.json` says besides. */
type Exported = Readonly<{
  written: Readonly<Record<string, number>>;
  /** Folders with names that are too short for their condition: name → condition. */
  folders?: Readonly<Record<string, string>>;
}>;

/** Fills a folder with a run in a format. */
export async function writeFormat(logs: RunLogs, folder: string, options: Options): Promise<Exported> {
  const { format, names, raw, memory, stderr } = options;
  if (format === "python-library") return await exportPythonLibrary(logs, folder);
  const { run } = logs;
  using scratch = scratchFolder();
  using tables = (await openTables([run.path], { scratch: scratch.path, memory, stderr })).tables;
  const isDataSet = format === "huggingface";
  const tableFormat = isDataSet ? "parquet" : format;
  const files = isDataSet ? join(folder, "data") : folder;
  await Deno.mkdir(files, { recursive: true });
  const written: Record<string, number> = {};
  for (const name of names) {
    const file = join(files, `${name}.${tableFormat}`);
    written[name] = await tables.writeTable(name, file, { format: tableFormat, raw });
  }
  if (isDataSet) {
    await Deno.writeTextFile(join(folder, "README.md"), dataCard(await readCardFacts(run, tables, written)));
  }
  return { written };
}

/**
 * Writes a file of the Python library for each discussion. The format has no field for the condition, so the file's folder
 * is named after it, as `import` expects.
 */
async function exportPythonLibrary(logs: RunLogs, folder: string): Promise<Exported> {
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

/** What a row of each table holds. */
const MEANINGS: Readonly<Record<TableName, string>> = {
  comments: "a comment",
  silences: "a turn in which a speaker chose to say nothing",
  cut_turns: "a turn without a comment, because the limit of tokens cut the reply before any text",
  annotations: "one annotator's judgement of one comment on one scale",
  annotations_unparsed: "an annotator's reply that held no valid value of a scale",
  discussions: "a discussion",
  participants: "a participant of a discussion",
  generations: "a request to a model",
  events: "an event of a log",
};

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

/** The most bytes of a name: file systems accept 255, and endings and renaming need some. */
const NAME_BYTES_MAX = 160;

/** Digits of the hash in a name that is too short for its label. */
const HASH_DIGITS = 12;

/** Letters, marks and digits of all scripts. */
const PLAIN = /^[\p{L}\p{M}\p{N}+._=-]$/u;

const encoder = new TextEncoder();

/** Names of files for labels of any length and script: a name belongs to one label only. */
class FileNames {
  /** The name without case and in normal form, as some file systems compare names → the label. */
  readonly #labels = new Map<string, string>();
  readonly #cut = new Map<string, string>();

  /** The labels that cannot be told from their names: name → label. */
  get cut(): ReadonlyMap<string, string> {
    return this.#cut;
  }

  /**
   * A label's name. Letters and digits stay; other characters are written as `%` and two hexadecimal digits per byte. A
   * name that is too long, or equal to another name for some file systems, ends in a hash of the label.
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

/** As much of a label as fits into a name. */
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
