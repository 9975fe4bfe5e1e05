/** Tables of sections, as tests read them. */
import assert from "node:assert/strict";
import type { Cell, Section, Table } from "../../document.ts";

/** All tables of a section, those of its figures among them. */
export function tablesOf({ blocks }: Section): Table[] {
  return blocks.flatMap((block) => block.kind === "table" || block.kind === "figure" ? [block.table] : []);
}

/** The rows of one of a section's tables, as cells by the keys of their columns. */
export function rowsOf(section: Section, id: string): Record<string, Cell>[] {
  const table = tablesOf(section).find((one) => one.id === id);
  assert.ok(table, `there is no table "${id}" among ${tablesOf(section).map((one) => one.id)}`);
  return keyed(table);
}

/** The rows of a table, as cells by the keys of their columns. */
export function keyed({ columns, rows }: Table): Record<string, Cell>[] {
  return rows.map(({ cells }) => Object.fromEntries(columns.map(({ key }, column) => [key, cells[column]!])));
}
