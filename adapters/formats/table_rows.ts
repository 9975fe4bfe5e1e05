/** Reads the rows of CSV, JSONL and JSON files one at a time. */
import { once } from "node:events";
import { delimiterOf, linesWithin, sameColumns } from "../../core/experiment/csv.ts";
import { parseJsonRows } from "../../core/json.ts";
import { FormatError } from "./format_error.ts";
import { isRecord, readJson } from "./text_file.ts";
import type { TextFile } from "./text_file.ts";

/** The kinds of tables. */
export type TableFormat = "csv" | "jsonl" | "json";

/** The largest JSON file that is read as a whole, in bytes. */
export const LIST_BYTES_MAX = 256 * 1024 * 1024;

/** The longest CSV record, in characters. A longer record probably has a quotation mark that is never closed. */
const RECORD_CHARS_MAX = 16 * 1024 * 1024;

/** A row: column → value. A row with a `problem` contains the fields that could be read. */
export type Row = Readonly<{ line: number; record: Readonly<Record<string, unknown>>; problem?: string }>;

/**
 * Reads the rows of a table one at a time. Only a JSON list is in memory as a whole.
 *
 * @param format The kind of table. CSV files have a header and commas, semicolons or tabs; fields can be quoted as in
 *   RFC 4180. For a JSON list, `line` is the entry's number, from 1.
 */
export function rowsOf(file: TextFile, format: TableFormat): AsyncGenerator<Row> {
  switch (format) {
    case "csv":
      return csvRows(file);
    case "jsonl":
      return jsonlRows(file);
    case "json":
      return listRows(file);
    default:
      return format satisfies never;
  }
}

async function* listRows(file: TextFile): AsyncGenerator<Row> {
  const list = readJson(await file.whole(LIST_BYTES_MAX, ". Convert it to JSON lines"), parseJsonRows);
  if (!Array.isArray(list)) throw new FormatError("it is not a list of rows");
  for (const [index, record] of list.entries()) yield recordRow(record, index + 1, "the entry");
}

async function* jsonlRows(file: TextFile): AsyncGenerator<Row> {
  for await (const { text, line: first } of file.pieces()) {
    let line = first - 1;
    for (const part of text.split("\n")) {
      line++;
      if (part.trim() !== "") yield jsonRow(part, line);
    }
  }
}

function jsonRow(text: string, line: number): Row {
  try {
    return recordRow(parseJsonRows(text), line, "the line");
  } catch {
    return { line, record: {}, problem: "the line is not JSON" };
  }
}

function recordRow(record: unknown, line: number, what: string): Row {
  return isRecord(record) ? { line, record } : { line, record: {}, problem: `${what} is not a JSON object` };
}

type CsvRecord = Readonly<{ record: readonly string[]; info: Readonly<{ lines: number }> }>;

async function* csvRows(file: TextFile): AsyncGenerator<Row> {
  let header: readonly string[] | undefined;
  // The last line of the previous record.
  let end = 0;
  // The parser counts CRLF within a field as two lines.
  let surplus = 0;
  for await (const { record, info } of csvRecords(file)) {
    surplus += record.reduce((sum, cell) => sum + cell.split("\r\n").length - 1, 0);
    const last = info.lines - surplus;
    const line = Math.max(end + 1, last - linesWithin(record));
    end = last;
    if (header === undefined) {
      header = record.map((name) => name.trim());
      const [problem] = sameColumns(header);
      if (problem !== undefined) throw new FormatError(problem, 1);
      continue;
    }
    const cells = header.map((name, column) => [name, record[column] ?? ""] as const);
    const row = { line, record: Object.fromEntries(cells) };
    yield record.length === header.length
      ? row
      : { ...row, problem: `the row has ${record.length} fields, the header ${header.length}` };
  }
}

async function* csvRecords(file: TextFile): AsyncGenerator<CsvRecord> {
  const { parse, CsvError } = await import("npm:csv-parse@7.0.3");
  const pieces = file.pieces();
  const first = await pieces.next();
  if (first.done) return;
  const parser = parse({
    delimiter: delimiterOf(first.value.text),
    info: true,
    max_record_size: RECORD_CHARS_MAX,
    relax_column_count: true,
    skip_empty_lines: true,
  });
  const feeding = (async () => {
    try {
      parser.write(first.value.text);
      for await (const { text } of pieces) {
        if (!parser.write(text)) await once(parser, "drain");
      }
      parser.end();
    } catch (error) {
      parser.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  })();
  try {
    yield* parser as AsyncIterable<CsvRecord>;
    await feeding;
  } catch (error) {
    throw error instanceof CsvError ? new FormatError(error.message, Number(error.lines ?? 1)) : error;
  }
}
