/** The tables of a report as data files: CSV, as RFC 4180 describes it. */
import { isUnavailable } from "../../analysis/mod.ts";
import {
  type Cell,
  checkReport,
  type ColumnContents,
  isEstimate,
  isInterval,
  KEY_SUFFIXES,
  type LongTable,
  type Report,
  tablesOf,
} from "../../analysis/report/mod.ts";
import { DATA_DICTIONARY, dictionaryCsv, type DictionaryRow } from "../tables/data_dictionary.ts";
import { guardedText, tableText } from "../tables/cell_texts.ts";

/**
 * Writes every table of a report, including the one beside each plot, with unrounded numbers.
 *
 * An interval becomes two columns, `<key>_lower` and `<key>_upper`. If a value is unavailable, its cell is empty,
 * and a column `<key>_unavailable` says why. As in exported tables, an apostrophe before a text that looks like a
 * formula keeps spreadsheets from running it.
 *
 * @param beside Further tables, which the report does not show.
 * @returns The contents of files by name: `<id>.csv` for each table, and `data_dictionary.csv` for all of them. A content is
 *   a list of pieces, because a run can have a million rows. Pieces are made when they are read.
 * @throws TypeError as `checkReport()` does.
 */
export function reportData(
  report: Report,
  beside: readonly LongTable[] = [],
): ReadonlyMap<string, Iterable<string>> {
  const contents = checkReport(report, beside);
  const tables = [...tablesOf(report), ...beside].map((table, place): DataTable => ({
    ...table,
    data: table.columns.map(({ key }, index) => dataColumns(key, index, contents[place]![index]!)),
  }));
  return new Map<string, Iterable<string>>([
    ...tables.map((table) => [`${table.id}.csv`, { [Symbol.iterator]: () => pieces(table) }] as const),
    [DATA_DICTIONARY, [dictionaryCsv(tables.flatMap(dictionaryOf))]],
  ]);
}

/** A table with the columns of its data file: a list for each of its own columns. */
type DataTable = LongTable & Readonly<{ data: readonly (readonly DataColumn[])[] }>;

/** What the dictionary says about the columns of a data file. The note of its table says how its figures are computed. */
function dictionaryOf({ id, note, columns, data }: DataTable): readonly DictionaryRow[] {
  return columns.flatMap(({ key, title, format }, index) => {
    const type = format.kind === "text" ? "text" : format.kind === "count" ? "integer" : "number";
    return data[index]!.map(({ name }): DictionaryRow => {
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

/** A piece of a file has at least this many characters, except the last one. */
const PIECE_CHARS = 1_000_000;

/**
 * A column of a data file: its name, the index of its cells in a row, and the function that gets a value from a
 * cell.
 */
type DataColumn = Readonly<{ name: string; index: number; valueOf: (cell: Cell) => string | number | null }>;

function* pieces({ rows, data }: DataTable): Generator<string> {
  const columns = data.flat();
  let text = lineOf(columns.map(({ name }) => name));
  for (const { cells } of rows) {
    text += lineOf(columns.map(({ index, valueOf }) => valueOf(cells[index]!)));
    if (text.length < PIECE_CHARS) continue;
    yield text;
    text = "";
  }
  if (text !== "") yield text;
}

/** A record of RFC 4180. The package csv-stringify takes several times as long, which matters for a million rows. */
function lineOf(values: readonly (string | number | null)[]): string {
  let line = "";
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (at > 0) line += ",";
    if (typeof value === "string" && QUOTED.test(value)) line += `"${value.replaceAll('"', '""')}"`;
    else if (value !== null) line += value;
  }
  return `${line}\r\n`;
}

const QUOTED = /[",\r\n]/;

function dataColumns(
  key: string,
  index: number,
  { hasIntervals, hasReasons, hasOthers }: ColumnContents,
): readonly DataColumn[] {
  return [
    ...(hasOthers || !hasIntervals ? [{ name: key, index, valueOf: plainValue }] : []),
    ...(hasIntervals
      ? (["lower", "upper"] as const).map((end) => ({
        name: key + KEY_SUFFIXES[end],
        index,
        valueOf: (cell: Cell) => isInterval(cell) ? cell[end] : null,
      }))
      : []),
    ...(hasReasons
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
  if (isEstimate(cell)) return cell.estimate;
  return typeof cell === "number" ? cell : null;
}

function textValue(text: string): string {
  return guardedText(tableText(text));
}
