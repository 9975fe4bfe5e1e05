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
import { DATA_DICTIONARY, dictionaryCsv, type DictionaryRow } from "../tables/data_dictionary.ts";
import { guardedText, tableText } from "../tables/cell_texts.ts";

/**
 * Writes every table of a report, including the one beside each plot, with unrounded numbers.
 *
 * An interval becomes two columns, `<key>_lower` and `<key>_upper`. If a value is unavailable, its cell is empty, and a
 * column `<key>_unavailable` says why. As in exported tables, an apostrophe before a text that looks like a formula keeps
 * spreadsheets from running it.
 *
 * @param beside Further tables, which the report does not show.
 * @returns The contents of files by name: `<id>.csv` for each table, and `data_dictionary.csv` for all of them.
 * @throws TypeError as `checkReport()` does.
 */
export function reportData(report: Report, beside: readonly Table[] = []): ReadonlyMap<string, string> {
  checkReport(report, beside);
  const tables = [...tablesOf(report), ...beside];
  const files = tables.map((table) => [`${table.id}.csv`, tableCsv(table)] as const);
  return new Map([...files, [DATA_DICTIONARY, dictionaryCsv(tables.flatMap(dictionaryOf))]]);
}

/** What the dictionary says about the columns of a data file. The table's note says how the figures are computed. */
function dictionaryOf({ id, note, columns, rows }: Table): readonly DictionaryRow[] {
  return columns.flatMap(({ key, title, format }, index) => {
    const data = dataColumns(key, index, rows.map(({ cells }) => cells[index]!));
    const type = format.kind === "text" ? "text" : format.kind === "count" ? "integer" : "number";
    return data.map(({ name }): DictionaryRow => {
      const [end] = Object.entries(MEANINGS).filter(([suffix]) => name === key + suffix);
      const isReason = name === key + KEY_SUFFIXES.unavailable;
      return {
        table: id,
        name,
        type: isReason ? "text" : type,
        unit: format.kind === "share" && !isReason ? "share, 0 to 1" : "",
        levels: "",
        counts: "",
        meaning: end === undefined ? title : `${title}: ${end[1]}`,
        from: note,
      };
    });
  });
}

const MEANINGS: Readonly<Record<string, string>> = {
  [KEY_SUFFIXES.lower]: "lower end of the interval",
  [KEY_SUFFIXES.upper]: "upper end of the interval",
  [KEY_SUFFIXES.unavailable]: "why there is no figure",
};

/** A run can have a million rows. Their values are in memory for this many rows at a time. */
const ROWS_TOGETHER = 10_000;

/** A column of a data file: its name, the index of its cells in a row, and the function that gets a value from a cell. */
type DataColumn = Readonly<{ name: string; index: number; valueOf: (cell: Cell) => string | number | null }>;

function tableCsv({ columns, rows }: Table): string {
  const data = columns.flatMap(({ key }, index) =>
    dataColumns(key, index, rows.map(({ cells }) => cells[index]!))
  );
  const records = (from: number) =>
    rows.slice(from, from + ROWS_TOGETHER).map(({ cells }) =>
      data.map(({ index, valueOf }) => valueOf(cells[index]!))
    );
  let text = written([data.map(({ name }) => name)]);
  for (let from = 0; from < rows.length; from += ROWS_TOGETHER) text += written(records(from));
  return text;
}

function written(records: readonly (readonly (string | number | null)[])[]): string {
  return stringify([...records], {
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
