/** What the tables of several sections are made of. */
import { decimalsFor } from "../decimals.ts";
import type { Block, Cell, Column, Table } from "../document.ts";

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
export function shown(table: Table): Block {
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

/** A level of confidence as text: `95 %`. */
export function percent(level: number): string {
  return `${Number((100 * level).toPrecision(6))} %`;
}
