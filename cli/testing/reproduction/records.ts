/** Rows of CSV files whose columns are known. */
import { parse } from "csv-parse/sync";
import { UsageError } from "../../shared/program.ts";

/** A row. */
export interface TableRow {
  /** The text of a cell; throws a {@linkcode UsageError} where the file has no such column. */
  text(column: string): string;
  /** The number in a cell; `null` where it is empty. */
  number(column: string): number | null;
  /** The number in a cell that must not be empty. */
  needed(column: string): number;
}

/**
 * Reads a CSV file.
 *
 * @param path The file.
 * @throws {UsageError} When it cannot be read.
 */
export async function readRecords(path: string): Promise<readonly TableRow[]> {
  try {
    const records: Record<string, string>[] = parse(await Deno.readTextFile(path), {
      columns: true,
      bom: true,
    });
    return records.map((record) => rowOf(record, path));
  } catch (error) {
    throw new UsageError(`Cannot compare with "${path}": ${(error as Error).message}`);
  }
}

function rowOf(record: Readonly<Record<string, string>>, path: string): TableRow {
  const row: TableRow = {
    text(column) {
      const cell = record[column];
      if (cell === undefined) throw new UsageError(`Cannot compare with "${path}": no column "${column}"`);
      return cell;
    },
    number(column) {
      const text = row.text(column);
      const number = Number(text);
      if (Number.isNaN(number)) {
        throw new UsageError(`Cannot compare with "${path}": "${text}" in "${column}" is no number`);
      }
      return text === "" ? null : number;
    },
    needed(column) {
      const number = row.number(column);
      if (number === null) throw new UsageError(`Cannot compare with "${path}": nothing in "${column}"`);
      return number;
    },
  };
  return row;
}
