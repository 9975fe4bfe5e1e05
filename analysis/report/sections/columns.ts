/** What the tables of several sections are made of. */
import type { Description } from "../../outcomes/mod.ts";
import { isUnavailable } from "../../statistics/unavailable.ts";
import { decimalsFor } from "../decimals.ts";
import type { Block, Cell, Column, Table, TableBlock } from "../document.ts";

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
