/** The files of a report, as somebody reads them who has nothing else. */
import { join } from "node:path";
import { UsageError } from "../../shared/program.ts";
import { readRecords, type TableRow } from "./records.ts";

/** The folder of a report. */
export class ReportFiles {
  readonly #folder: string;
  readonly #tables = new Map<string, readonly TableRow[]>();

  /** @param folder The folder. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * The rows of a table, and its file as a figure's place names it.
   *
   * @param id The table.
   * @throws {UsageError} When the report does not have it.
   */
  async table(id: string): Promise<Readonly<{ file: string; rows: readonly TableRow[] }>> {
    const file = `data/${id}.csv`;
    const rows = this.#tables.get(id) ?? await readRecords(join(this.#folder, file));
    this.#tables.set(id, rows);
    return { file, rows };
  }

  /** What `report.json` says. */
  async note(): Promise<Readonly<{ discussions: number; compared: number; flagged: readonly string[] }>> {
    const path = join(this.#folder, "report.json");
    try {
      return JSON.parse(await Deno.readTextFile(path));
    } catch (error) {
      throw new UsageError(`Cannot compare with "${path}": ${(error as Error).message}`);
    }
  }
}

/** The row of a table in which a column has a text; `null` where there is none. */
export function rowWhere(rows: readonly TableRow[], column: string, text: string): TableRow | null {
  return rows.find((row) => row.text(column) === text) ?? null;
}

/** The sum of a column of counts. */
export function total(rows: readonly TableRow[], column: string): number {
  return rows.reduce((sum, row) => sum + row.needed(column), 0);
}
