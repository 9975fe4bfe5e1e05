/** Columns, tables and blocks that several sections use. */
import type { Description, Observation } from "../outcomes/mod.ts";
import { isUnavailable } from "../statistics/unavailable.ts";
import { decimalsFor, formatCount, plural } from "./numbers.ts";
import type { Block, Cell, CellFormat, Column, Paragraph, Source, Table, TableBlock } from "./document.ts";
import { howMany, shortened } from "./words.ts";

/** A column with the cells of all rows. */
export type FilledColumn = Readonly<{ column: Column; cells: readonly Cell[] }>;

/** A column of texts. */
export function texts(key: string, title: string, cells: readonly (string | null)[]): FilledColumn {
  return { column: { key, title, format: { kind: "text" } }, cells };
}

/** A column of whole numbers. */
export function counts(key: string, title: string, cells: readonly Cell[]): FilledColumn {
  return { column: { key, title, format: { kind: "count" } }, cells };
}

/** A column of shares. */
export function shares(key: string, title: string, cells: readonly Cell[]): FilledColumn {
  return { column: { key, title, format: { kind: "share" } }, cells };
}

/** A column of numbers, with the decimals that they and their like in other columns need. */
export function numbers(
  key: string,
  title: string,
  cells: readonly Cell[],
  decimals: number = decimalsFor(cells),
): FilledColumn {
  return { column: { key, title, format: { kind: "number", decimals } }, cells };
}

/** A column of numbers that are in units of their own. */
export function figures(key: string, title: string, cells: readonly Cell[]): FilledColumn {
  return { column: { key, title, format: { kind: "figure" } }, cells };
}

/** A table from its columns, all of the same length. */
export function tableOf(
  { columns, ...said }: Pick<Table, "id" | "title" | "note"> & Readonly<{ columns: readonly FilledColumn[] }>,
): Table {
  const rows = (columns[0]?.cells ?? []).map((_, row) => ({
    cells: columns.map(({ cells }) => cells[row]!),
  }));
  return { ...said, columns: columns.map(({ column }) => column), rows };
}

/** A table as a block. */
export function shown(table: Table): TableBlock {
  return { kind: "table", table };
}

/** A paragraph. */
export function paragraph(text: string): Block {
  return { kind: "paragraph", text };
}

/** A heading. */
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
export function descriptionColumns(
  descriptions: readonly Description[],
  unit: "comment" | "discussion",
): readonly FilledColumn[] {
  const of = (figure: (description: Description) => Cell) => descriptions.map(figure);
  const means = of(({ mean }) => mean);
  const deviations = of(({ deviation }) => deviation);
  const decimals = decimalsFor([...means, ...deviations, ...of(({ median }) => median)]);
  const column = (key: string, title: string, cells: readonly Cell[]) => numbers(key, title, cells, decimals);
  return [
    column("mean", "Mean", means),
    column("interval", "Interval of the mean", of(({ interval }) => interval)),
    column("sd", unit === "comment" ? "SD of values" : "SD", deviations),
    ...unit === "comment"
      ? [column("sd_between", "SD between discussions", of(({ deviationBetween }) => deviationBetween))]
      : [],
    column("median", "Median", of(({ median }) => median)),
    column("range", "Range", of(rangeOf)),
  ];
}

/** From the least to the greatest value: all of them lie there. */
function rangeOf({ least, greatest }: Description): Cell {
  if (isUnavailable(least)) return least;
  return isUnavailable(greatest) ? greatest : { level: 1, lower: least, upper: greatest };
}

/** A column of texts. */
export const TEXT: CellFormat = { kind: "text" };
/** A column of whole numbers. */
export const COUNT: CellFormat = { kind: "count" };
/** A column of shares. */
export const SHARE: CellFormat = { kind: "share" };

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

/**
 * Blocks of every run, with a heading for each where there are several.
 *
 * @param blocksOf The blocks of one; the suffix makes the names of its tables unique.
 */
export function ofEachRun<Run extends Readonly<{ run: string }>>(
  runs: readonly Run[],
  blocksOf: (run: Run, suffix: Suffix) => readonly Block[],
): readonly Block[] {
  if (runs.length === 1) return blocksOf(runs[0]!, "");
  return runs.flatMap((run, at) => [
    { kind: "heading", title: `Run ${run.run}` } as const,
    ...blocksOf(run, `-${at + 1}`),
  ]);
}

/** A column. */
export function column(key: string, title: string, format: CellFormat = TEXT): Column {
  return { key, title, format };
}

/** A text in a cell. */
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
    ...(rest > 0 ? [{ kind: "paragraph", text: `And ${plural(rest, "more long text")}.` } as const] : []),
  ];
}

/** A table of at most 100 rows; its note says how many rows are left out. */
export function bounded(table: Table, complete: boolean): Table {
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

/** The longest part of a name. */
const PART_MAX = 40;

/** Makes names that differ: the names of outcomes, passes and factors can hold anything. */
export class TableIds {
  readonly #given = new Set<string>();
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /**
   * The next name.
   *
   * @returns Lower-case letters of a–z, digits and single hyphens; a number at the end tells equal names apart.
   */
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
    return {
      kind: "callout",
      tone: "caution",
      title: "No discussion was completed",
      text: observations.length === 0
        ? "There are no discussions, so there is nothing to describe."
        : `Of ${
          plural(observations.length, "discussion")
        } none was completed, so there is nothing to describe.`,
    };
  }
  const described = plural(completed, "completed discussion");
  return paragraph(
    left === 0
      ? `This section describes ${described}.`
      : `This section describes ${described}. It leaves out ${formatCount(left)} that did not end.`,
  );
}

/** A fact and its value. */
export type Fact = readonly [fact: string, value: string];

/** A table of facts; those without a value are left out. */
export function factsTable(id: string, title: string, facts: readonly Fact[]): TableBlock {
  const rows = facts.filter(([, value]) => value !== "").map((cells) => ({ cells }));
  return shown({ id, title, note: "", columns: [column("fact", "Fact"), column("value", "Value")], rows });
}
