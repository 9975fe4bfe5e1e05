/** The tables of a report as data files: CSV, as RFC 4180 describes it. */
import { stringify } from "npm:csv-stringify@6.9.0/sync";
import { isUnavailable } from "../../analysis/mod.ts";
import {
  type Cell,
  checkReport,
  isInterval,
  KEY_SUFFIXES,
  type Report,
  type Table,
  tablesOf,
} from "../../analysis/report/mod.ts";
import { guardedText, tableText } from "../tables/cell_texts.ts";

/**
 * Writes every table of a report, including the one beside each plot, with unrounded numbers.
 *
 * An interval becomes two columns, `<key>_lower` and `<key>_upper`. If a value is unavailable, its cell is empty, and a
 * column `<key>_unavailable` says why. As in exported tables, an apostrophe before a text that looks like a formula keeps
 * spreadsheets from running it.
 *
 * @param beside Further tables, which the report does not show.
 * @returns The contents of files by name: `<id>.csv` for each table.
 * @throws TypeError as `checkReport()` does.
 */
export function reportData(report: Report, beside: readonly Table[] = []): ReadonlyMap<string, string> {
  checkReport(report, beside);
  return new Map([...tablesOf(report), ...beside].map((table) => [`${table.id}.csv`, tableCsv(table)]));
}

/** A column of a data file: its name, the index of its cells in a row, and the function that gets a value from a cell. */
type DataColumn = Readonly<{ name: string; index: number; valueOf: (cell: Cell) => string | number | null }>;

function tableCsv({ columns, rows }: Table): string {
  const data = columns.flatMap(({ key }, index) =>
    dataColumns(key, index, rows.map(({ cells }) => cells[index]!))
  );
  const records = rows.map(({ cells }) => data.map(({ index, valueOf }) => valueOf(cells[index]!)));
  return stringify([data.map(({ name }) => name), ...records], {
    record_delimiter: "windows",
    // Without this, the package quotes only line breaks of the kind that it writes itself.
    quoted_match: /[\r\n]/,
    cast: { number: String },
  });
}

function dataColumns(key: string, index: number, cells: readonly Cell[]): DataColumn[] {
  const hasIntervals = cells.some(isInterval);
  const hasOthers = cells.some((cell) => cell !== null && !isInterval(cell) && !isUnavailable(cell));
  return [
    ...(hasOthers || !hasIntervals ? [{ name: key, index, valueOf: plainValue }] : []),
    ...(hasIntervals
      ? (["lower", "upper"] as const).map((end) => ({
        name: key + KEY_SUFFIXES[end],
        index,
        valueOf: (cell: Cell) => isInterval(cell) ? cell[end] : null,
      }))
      : []),
    ...(cells.some(isUnavailable)
      ? [{
        name: key + KEY_SUFFIXES.unavailable,
        index,
        valueOf: (cell: Cell) => isUnavailable(cell) ? textValue(cell.unavailable) : null,
      }]
      : []),
  ];
}

function plainValue(cell: Cell): string | number | null {
  if (typeof cell === "string") return textValue(cell);
  return typeof cell === "number" ? cell : null;
}

function textValue(text: string): string {
  return guardedText(tableText(text));
}
