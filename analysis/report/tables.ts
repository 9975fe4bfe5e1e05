/** Columns, tables and blocks that several sections use. */
import { completedOf, type Description, type Observation } from "../outcomes/mod.ts";
import { RESAMPLES, resamplesOf } from "../statistics/cluster_bootstrap.ts";
import type { Interval } from "../statistics/distributions.ts";
import { isUnavailable, type Unavailable } from "../statistics/unavailable.ts";
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

/** A column, and a function that makes its cell from a row. In the format `number`, the cells decide the decimals. */
export type Field<Row> = Readonly<
  { key: string; title: string; format: CellFormat | "number"; of: (row: Row) => Cell }
>;

/** Returns a function that makes columns of one format. */
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

/** A column whose numbers can have different units. */
export const figures = fieldsOf({ kind: "figure" });

export function numbers<Row>(
  key: string,
  title: string,
  of: (row: Row) => Cell,
  decimals?: number,
): Field<Row> {
  return { key, title, format: decimals === undefined ? "number" : { kind: "number", decimals }, of };
}

/** Makes a table with a row for each item of `rows`. `toneOf` highlights rows. */
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

/** A note on how the intervals of {@linkcode Description}s are computed, without a full stop. */
export function bootstrapNote(level: number, described: readonly Described[]): string {
  const resamples = described.map(({ discussions, interval }) =>
    isUnavailable(interval) ? 0 : resamplesOf(discussions)
  );
  return `${percent(level)} intervals of the mean are from the cluster bootstrap over discussions ` +
    `(${resamplesText(resamples)} resamples; quantiles expanded for few discussions)`;
}

/** The number of discussions with values, and the interval that comes from them. */
export type Described = Readonly<{ discussions: number; interval: Interval | Unavailable }>;

/**
 * The number of resamples of some intervals, such as `2000` or `400 to 2000`.
 *
 * @param used 0: there is no interval.
 */
export function resamplesText(used: readonly number[]): string {
  const drawn = used.filter((resamples) => resamples > 0);
  return drawn.length === 0 ? String(RESAMPLES) : rangeText(drawn, String);
}

/** Numbers of random draws, at least one, as text: `2000` if they are equal, otherwise such as `400 to 2000`. */
export function rangeText(numbers: readonly number[], textOf: (number: number) => string): string {
  const ends = [Math.min(...numbers), Math.max(...numbers)];
  return [...new Set(ends)].map(textOf).join(" to ");
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

/** The range of the values, as an interval of level 1. */
function rangeOf({ least, greatest }: Description): Cell {
  if (isUnavailable(least)) return least;
  return isUnavailable(greatest) ? greatest : { level: 1, lower: least, upper: greatest };
}

/** A table of settings shows at most this many rows. A note counts the others. */
const ROWS_MAX = 100;

/** A cell shows at most this many characters of a text. The whole text is then shown below the table. */
const CELL_TEXT_MAX = 120;

/** At most this many texts are shown below a table. The others are counted. */
const TEXTS_BELOW_MAX = 20;

/** Shown if imported files do not contain a setting. */
export const NOT_KNOWN = "not known";

/**
 * The end of the ids of a run's tables. If there are several runs, it is a number such as `-2`. For one run, it
 * is empty.
 */
export type Suffix = string;

/**
 * The blocks of every run. If there are several runs, each run gets a heading, and its tables get ids with a
 * suffix.
 */
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

/** Shows the texts that are too long for their cells, as blocks below the table. */
export function below(
  texts: readonly Readonly<{ title: string; text: string }>[],
): readonly (Source | Paragraph)[] {
  const long = texts.filter(({ text }) => text.length > CELL_TEXT_MAX);
  const rest = long.length - TEXTS_BELOW_MAX;
  return [
    ...long.slice(0, TEXTS_BELOW_MAX).map(({ title, text }) =>
      ({ kind: "source", title, text: shortened(text) }) as const
    ),
    ...(rest > 0 ? [paragraph(`Not shown: ${plural(rest, "more long text")}.`)] : []),
  ];
}

/** The table cut to at most 100 rows. Its note says how many rows are left out. */
export function limited(table: Table, complete: boolean): Table {
  const rest = table.rows.length - ROWS_MAX;
  if (rest <= 0 && complete) return table;
  const left = rest > 0
    ? `The first ${ROWS_MAX} of ${howMany({ values: table.rows, complete }, "row")}.`
    : "There are more rows; they were not kept.";
  return {
    ...table,
    note: [table.note, left].filter((part) => part !== "").join(" "),
    rows: table.rows.slice(0, ROWS_MAX),
  };
}

/**
 * A table of at most 100 rows, as a block.
 *
 * @param said `complete` is false if `rows` lacks some rows.
 */
export function limitedTable<Of>(
  { complete, ...said }: Parameters<typeof tableOf>[0] & Readonly<{ complete: boolean }>,
  rows: readonly Of[],
  fields: readonly Field<Of>[],
  toneOf?: (row: Of) => Row["tone"],
): TableBlock {
  return shown(limited(tableOf(said, rows, fields, toneOf), complete));
}

/** An id uses at most this many characters of each name. */
const PART_MAX = 40;

/** Makes unique ids from the names of outcomes, passes and factors, which can contain any characters. */
export class TableIds {
  readonly #given = new Set<string>();
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Makes an id of lower-case a–z, digits and hyphens. If the id is already used, a number is added. */
  next(...parts: readonly string[]): string {
    const words = [this.#prefix, ...parts.map(slugOf)].filter((part) => part !== "").join("-");
    let id = words;
    for (let copy = 2; this.#given.has(id); copy++) id = `${words}-${copy}`;
    this.#given.add(id);
    return id;
  }
}

/** Makes unique keys of columns from any names. Keys have lower-case a–z, digits and underscores. */
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

/** A block that says how many discussions a section describes, and how many it leaves out. */
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
        }, none was completed, so there is nothing to describe.`,
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

/** A table of facts. Facts with an empty value are left out. */
export function factsTable(id: string, title: string, facts: readonly Fact[]): TableBlock {
  return shown(tableOf({ id, title }, facts.filter(([, value]) => value !== ""), [
    texts("fact", "Fact", ([fact]) => fact),
    texts("value", "Value", ([, value]) => value),
  ]));
}
