/** CSV texts as lists of records that remember their lines. */
import { type SourceDocument } from "./document.ts";
import type { Problem } from "./problems.ts";

/** Spreadsheets in many countries separate by semicolons, some programs by tabs. */
const DELIMITERS = [",", ";", "\t"];

/**
 * Reads a CSV text with a header line. Empty cells are left out of their records, since CSV has no other way to say
 * that there is nothing.
 *
 * @param text The content; fields can be quoted as RFC 4180 says.
 * @param file The file's name, for messages.
 * @returns A list of records of texts; never throws for a wrong text.
 */
export async function readCsv(text: string, file: string): Promise<SourceDocument> {
  const { parse, CsvError } = await import("csv-parse/sync");
  const problems: Problem[] = [];
  const lines: number[] = [];
  const records: Record<string, string>[] = [];
  const report = (line: number, message: string) =>
    problems.push({ file, line, column: 1, path: "", message });
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
    const header = rows[0]?.record ?? [];
    checkHeader(header, (message) => report(1, message));
    // A record's own number of lines is known only from where the one before it ended.
    let end = rows[0]?.info.lines ?? 1;
    for (const { record, info } of rows.slice(1)) {
      const line = Math.max(end + 1, info.lines - linesWithin(record));
      end = info.lines;
      if (record.length !== header.length) {
        const fields = record.length === 1 ? "1 field" : `${record.length} fields`;
        report(line, `the row has ${fields}, the header ${header.length}`);
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
    problems,
    complete,
    placeOf: ([row]) => ({ line: lines[Number(row)] ?? 1, column: 1 }),
  };
}

type Row = { record: string[]; info: { lines: number } };

/** How many lines a record has besides its first. */
export function linesWithin(record: readonly string[]): number {
  return record.reduce((sum, cell) => sum + cell.split("\n").length - 1, 0);
}

/** What separates the fields of a CSV text, told by its header. */
export function delimiterOf(text: string): string {
  const header = text.slice(0, text.search(/\r|\n|$/));
  return DELIMITERS.find((delimiter) => header.includes(delimiter)) ?? ",";
}

function checkHeader(header: readonly string[], report: (message: string) => void): void {
  if (header.includes("")) report("a column has no name in the header");
  for (const name of new Set(header.filter((name, at) => name !== "" && header.indexOf(name) !== at))) {
    report(`the header names the column ${JSON.stringify(name)} twice`);
  }
}
