/** Reads CSV texts as lists of records, and finds the line of each record. */
import type { SourceDocument } from "./document.ts";
import { type Finding, listed, type Problem, quoted } from "./problems.ts";

/** Spreadsheets in many countries separate by semicolons, some programs by tabs. */
const DELIMITERS = [",", ";", "\t"];

const NAMED_MAX = 20;

/** Reads a CSV text. An empty cell is a missing value, because CSV has no other way to leave out a value. */
export async function readCsv(text: string, file: string): Promise<SourceDocument> {
  const { parse, CsvError } = await import("npm:csv-parse@7.0.3/sync");
  const problems: Problem[] = [];
  const lines: number[] = [];
  const records: Record<string, string>[] = [];
  const report = (line: number, message: string) =>
    problems.push({ file, line, column: 1, path: "", message });
  let header: readonly string[] = [];
  let complete = true;
  try {
    const rows = parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as Row[];
    header = (rows[0]?.record ?? []).map((name) => name.trim());
    if (header.includes("")) report(1, "a column has no name in the header");
    for (const problem of sameColumns(header.filter((name) => name !== ""))) report(1, problem);
    // The parser gives only the last line of each record. The first line is computed from it.
    let end = rows[0]?.info.lines ?? 1;
    for (const { record, info } of rows.slice(1)) {
      const line = Math.max(end + 1, info.lines - linesWithin(record));
      end = info.lines;
      if (record.length !== header.length) {
        const fields = record.length === 1 ? "1 field" : `${record.length} fields`;
        report(line, `the row has ${fields}, but the header has ${header.length}`);
      }
      lines.push(line);
      const cells = header.map((name, column) => [name, record[column] ?? ""] as const);
      records.push(Object.fromEntries(cells.filter(([, cell]) => cell !== "")));
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    report(Number(error.lines ?? 1), error.message);
    complete = false;
  }
  return {
    file,
    value: records,
    columns: header,
    problems,
    complete,
    placeOf: ([row]) => ({ line: lines[Number(row)] ?? 1, column: 1 }),
  };
}

type Row = { record: string[]; info: { lines: number } };

export function linesWithin(record: readonly string[]): number {
  return record.reduce((sum, cell) => sum + cell.split("\n").length - 1, 0);
}

export function delimiterOf(text: string): string {
  const header = text.slice(0, text.search(/\r|\n|$/));
  return DELIMITERS.find((delimiter) => header.includes(delimiter)) ?? ",";
}

/** The problems of column names. Names that differ only in case count as the same name. */
export function sameColumns(header: readonly string[]): readonly string[] {
  const problems = new Set<string>();
  const before = new Map<string, string>();
  for (const name of header) {
    const same = before.get(plainHeader(name));
    if (same === undefined) before.set(plainHeader(name), name);
    else if (same === name) problems.add(`the header names the column ${quoted(name)} twice`);
    else {
      const both = `the header names the columns ${quoted(same)} and ${quoted(name)}`;
      problems.add(`${both}: names must differ in more than upper and lower case`);
    }
  }
  return [...problems];
}

function plainHeader(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

/**
 * Gives a known name to each column whose name differs from it only in case. Other columns keep their names.
 */
export function underNames(
  records: readonly Readonly<Record<string, unknown>>[],
  columns: readonly string[],
  names: readonly string[],
): readonly Readonly<Record<string, unknown>>[] {
  const known = new Map(names.map((name) => [plainHeader(name), name]));
  const renamed = new Map(columns.map((column) => [column, known.get(plainHeader(column)) ?? column]));
  if (columns.every((column) => renamed.get(column) === column)) return records;
  return records.map((record) =>
    Object.fromEntries(Object.entries(record).map(([column, cell]) => [renamed.get(column)!, cell]))
  );
}

export function hasColumn(columns: readonly string[], names: readonly string[]): boolean {
  return columns.some((column) => names.includes(plainHeader(column)));
}

export function missingColumn(columns: readonly string[], names: readonly string[]): Finding {
  const more = columns.length > NAMED_MAX ? `, and ${columns.length - NAMED_MAX} more` : "";
  const there = `its columns are ${columns.slice(0, NAMED_MAX).map(quoted).join(", ")}${more}`;
  return { path: [], message: `the table has no column ${listed(names)}: ${there}` };
}
