/** Columns, tables and blocks that several sections use. */
import type { Description, Observation } from "../outcomes/mod.ts";
import { isUnavailable } from "../statistics/unavailable.ts";
import { decimalsFor, formatCount, plural } from "./numbers.ts";
import type {
  Block,
  Callout,
  Cell,
  CellFormat,
  Paragraph,
  Row,
  Source,
  Table,
  TableBlock,
} from "./document.ts";
import { howMany, shortened } from "./words.ts";

/** A column, and what it holds of a row. Without decimals, a column of numbers has as many as its cells need. */
export type Field<Row> = Readonly<
  { key: string; title: string; format: CellFormat | "number"; of: (row: Row) => Cell }
>;

/** Makes columns of one format. */
function fieldsOf(format: CellFormat) {
  return <Row>(key: string, title: string, of: (row: Row) => Cell): Field<Row> => ({
    key,
    title,
    format,
    of,
  });
}

export const texts = fieldsOf({ kind: "text" });
export const counts = fieldsOf({ kind: "count" });
export const shares = fieldsOf({ kind: "share" });
export const probabilities = fieldsOf({ kind: "p" });

/** A column of numbers that are in units of their own. */
export const figures = fieldsOf({ kind: "figure" });

export function numbers<Row>(
  key: string,
  title: string,
  of: (row: Row) => Cell,
  decimals?: number,
): Field<Row> {
  return { key, title, format: decimals === undefined ? "number" : { kind: "number", decimals }, of };
}

/** A table with a row for each of some things; `toneOf` sets rows off. */
export function tableOf<Of>(
  { note = "", ...said }: Pick<Table, "id" | "title"> & Partial<Pick<Table, "note">>,
  rows: readonly Of[],
  fields: readonly Field<Of>[],
  toneOf?: (row: Of) => Row["tone"],
): Table {
  const cells = rows.map((row) => fields.map(({ of }) => of(row)));
  const columns = fields.map(({ key, title, format }, at) => ({
    key,
    title,
    format: format === "number"
      ? { kind: "number", decimals: decimalsFor(cells.map((row) => row[at]!)) } as const
      : format,
  }));
  const shown = rows.map((row, at): Row => {
    const tone = toneOf?.(row);
    return { cells: cells[at]!, ...(tone === undefined ? {} : { tone }) };
  });
  return { ...said, note, columns, rows: shown };
}

export function shown(table: Table): TableBlock {
  return { kind: "table", table };
}

export function paragraph(text: string): Paragraph {
  return { kind: "paragraph", text };
}

export function callout(tone: Callout["tone"], title: string, text: string): Callout {
  return { kind: "callout", tone, title, text };
}

export function heading(title: string): Block {
  return { kind: "heading", title };
}

/** How the interval of a {@linkcode Description} is made, as half a sentence. */
export function bootstrapNote(level: number, resamples: number): string {
  return `${percent(level)} intervals of the mean are from the cluster bootstrap over discussions ` +
    `(${resamples} resamples, percentiles expanded for their number)`;
}

/** A level of confidence as text: `95 %`. */
export function percent(level: number): string {
  return `${Number((100 * level).toPrecision(6))} %`;
}

/** The columns of descriptions: mean, interval, deviations, median and range. */
export function descriptionFields<Of extends Description>(
  rows: readonly Of[],
  unit: "comment" | "discussion",
): readonly Field<Of>[] {
  const decimals = decimalsFor(rows.flatMap(({ mean, deviation, median }) => [mean, deviation, median]));
  const column = (key: string, title: string, of: (row: Of) => Cell) => numbers(key, title, of, decimals);
  return [
    column("mean", "Mean", ({ mean }) => mean),
    column("interval", "Interval of the mean", ({ interval }) => interval),
    column("sd", unit === "comment" ? "SD of values" : "SD", ({ deviation }) => deviation),
    ...unit === "comment"
      ? [column("sd_between", "SD between discussions", ({ deviationBetween }) => deviationBetween)]
      : [],
    column("median", "Median", ({ median }) => median),
    column("range", "Range", rangeOf),
  ];
}

/** From the least to the greatest value: all of them lie there. */
function rangeOf({ least, greatest }: Description): Cell {
  if (isUnavailable(least)) return least;
  return isUnavailable(greatest) ? greatest : { level: 1, lower: least, upper: greatest };
}

/** Rows of a table of facts; further ones are only counted. */
const ROWS_MAX = 100;

/** Characters of a text in a cell; a longer one is cut there, and stands below its table as a whole. */
const CELL_TEXT_MAX = 120;

/** Texts below a table; further ones are only counted. */
const TEXTS_BELOW_MAX = 20;

/** Stands where imported files say nothing. */
export const NOT_KNOWN = "not known";

/** Tells the tables of several runs apart; empty for one run. */
export type Suffix = string;

/** Blocks of every run; with several, each has a heading, and a suffix for the names of its tables. */
export function ofEachRun<Run extends Readonly<{ run: string }>>(
  runs: readonly Run[],
  blocksOf: (run: Run, suffix: Suffix) => readonly Block[],
): readonly Block[] {
  if (runs.length === 1) return blocksOf(runs[0]!, "");
  return runs.flatMap((run, at) => [
    heading(`Run ${run.run}`),
    ...blocksOf(run, `-${at + 1}`),
  ]);
}

export function cell(text: string): string {
  return shortened(text, CELL_TEXT_MAX);
}

/** The texts that are too long for their cells, as blocks to stand below the table. */
export function below(
  texts: readonly Readonly<{ title: string; text: string }>[],
): readonly (Source | Paragraph)[] {
  const long = texts.filter(({ text }) => text.length > CELL_TEXT_MAX);
  const rest = long.length - TEXTS_BELOW_MAX;
  return [
    ...long.slice(0, TEXTS_BELOW_MAX).map(({ title, text }) =>
      ({ kind: "source", title, text: shortened(text) }) as const
    ),
    ...(rest > 0 ? [paragraph(`And ${plural(rest, "more long text")}.`)] : []),
  ];
}

/** A table of at most 100 rows; its note says how many rows are left out. */
export function limited(table: Table, complete: boolean): Table {
  const rest = table.rows.length - ROWS_MAX;
  if (rest <= 0 && complete) return table;
  const left = rest > 0
    ? `The first ${ROWS_MAX} of ${howMany({ values: table.rows, complete }, "row")}.`
    : "There are more; they were not kept.";
  return {
    ...table,
    note: [table.note, left].filter((part) => part !== "").join(" "),
    rows: table.rows.slice(0, ROWS_MAX),
  };
}

/** A table of at most 100 rows, as a block. @param said `complete` says whether no row is left out already. */
export function limitedTable<Of>(
  { complete, ...said }: Parameters<typeof tableOf>[0] & Readonly<{ complete: boolean }>,
  rows: readonly Of[],
  fields: readonly Field<Of>[],
  toneOf?: (row: Of) => Row["tone"],
): TableBlock {
  return shown(limited(tableOf(said, rows, fields, toneOf), complete));
}

/** The longest part of a name. */
const PART_MAX = 40;

/** Makes names that differ: the names of outcomes, passes and factors can hold anything. */
export class TableIds {
  readonly #given = new Set<string>();
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** The next name: lower-case a–z, digits and hyphens; a number tells equal names apart. */
  next(...parts: readonly string[]): string {
    const words = [this.#prefix, ...parts.map(slugOf)].filter((part) => part !== "").join("-");
    let id = words;
    for (let copy = 2; this.#given.has(id); copy++) id = `${words}-${copy}`;
    this.#given.add(id);
    return id;
  }
}

/** Distinct keys of columns for names of any kind: letters of a–z, digits and underscores. */
export function columnKeys(names: readonly string[]): readonly string[] {
  const ids = new TableIds("");
  return names.map((name) =>
    ids.next(name === "" || slugOf(name) === "" ? "unnamed" : name).replaceAll("-", "_")
  );
}

function slugOf(text: string): string {
  return text.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "").replace(/[^a-z0-9]+/g, "-")
    .slice(0, PART_MAX).replace(/^-+|-+$/g, "");
}

/** The discussions that ran to their end; what became of the others is no result. */
export function completedOf(observations: readonly Observation[]): readonly Observation[] {
  return observations.filter(({ end }) => end === "completed");
}

/** Says how many discussions are described, and how many are not. */
export function completedBlock(observations: readonly Observation[]): Block {
  const completed = completedOf(observations).length;
  const left = observations.length - completed;
  if (completed === 0) {
    return callout(
      "caution",
      "No discussion was completed",
      observations.length === 0
        ? "There are no discussions, so there is nothing to describe."
        : `Of ${
          plural(observations.length, "discussion")
        } none was completed, so there is nothing to describe.`,
    );
  }
  const described = plural(completed, "completed discussion");
  return paragraph(
    left === 0
      ? `This section describes ${described}.`
      : `This section describes ${described}. It leaves out ${formatCount(left)} that did not end.`,
  );
}

export type Fact = readonly [fact: string, value: string];

/** A table of facts; those without a value are left out. */
export function factsTable(id: string, title: string, facts: readonly Fact[]): TableBlock {
  return shown(tableOf({ id, title }, facts.filter(([, value]) => value !== ""), [
    texts("fact", "Fact", ([fact]) => fact),
    texts("value", "Value", ([, value]) => value),
  ]));
}
