/** The tables of a report, and why cells of theirs hold no figure. */
import { isUnavailable } from "../statistics/unavailable.ts";
import type { Report, Table } from "./document.ts";

/**
 * Lists the tables of a report, those of figures included.
 *
 * @param report The report.
 * @returns Its tables, in reading order.
 */
export function tablesOf(report: Report): Table[] {
  return report.sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => block.kind === "table" || block.kind === "figure" ? [block.table] : [])
  );
}

/**
 * Lists why figures of a table cannot be computed: the notes below it, numbered from 1.
 *
 * @param table The table.
 * @returns Every reason once, in the order of its rows.
 */
export function reasonsOf(table: Table): string[] {
  const cells = table.rows.flatMap(({ cells }) => cells);
  return [...new Set(cells.filter(isUnavailable).map(({ unavailable }) => unavailable))];
}
