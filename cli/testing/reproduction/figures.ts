/** A published figure beside the same figure in a report's files. */
import { join } from "node:path";
import { UsageError } from "../../shared/program.ts";
import { readRecords, type TableRow } from "./published.ts";

/** The condition under which two figures agree. */
export type Agreement =
  | "exactly"
  /** Rounded to this many significant digits, they are the same. */
  | Readonly<{ digits: number }>
  /** They differ by at most this much. */
  | Readonly<{ within: number }>;

/** The comparison of a figure. */
export type Figure = Readonly<{
  name: string;
  /** The file of the report that holds it. */
  file: string;
  /** Both in the form in which they were compared. */
  expected: string;
  found: string;
  agrees: boolean;
}>;

/** A figure's name, and the file of the report that holds it. */
export type Place = Pick<Figure, "name" | "file">;

/** Shown for a figure that the report does not have. */
const NONE = "none";

/** Compares a published number with the report's; `null` when the report has none. */
export function comparedNumber(
  place: Place,
  { expected, found }: Readonly<{ expected: number; found: number | null }>,
  agreement: Agreement,
): Figure {
  const textOf = (figure: number) => numberText(figure, agreement);
  const both = { expected: textOf(expected), found: found === null ? NONE : textOf(found) };
  const agrees = found !== null &&
    (typeof agreement === "object" && "within" in agreement
      ? Math.abs(found - expected) <= agreement.within
      : both.found === both.expected);
  return { ...place, ...both, agrees };
}

/** Compares a text. */
export function comparedText(
  place: Place,
  { expected, found }: Readonly<{ expected: string; found: string | null }>,
): Figure {
  return { ...place, expected, found: found ?? NONE, agrees: found === expected };
}

function numberText(figure: number, agreement: Agreement): string {
  if (agreement === "exactly") return String(figure);
  if ("digits" in agreement) return figure.toPrecision(agreement.digits);
  // One decimal more than the difference that counts, so that it can be seen.
  return figure.toFixed(Math.ceil(-Math.log10(agreement.within)) + 1);
}

/** The folder of a report. */
export class ReportFiles {
  readonly #folder: string;
  readonly #tables = new Map<string, readonly TableRow[]>();

  /** @param folder The folder. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The rows and the file of a table. @throws {UsageError} When the report does not have it. */
  async table(id: string): Promise<Readonly<{ file: string; rows: readonly TableRow[] }>> {
    const file = `data/${id}.csv`;
    const rows = this.#tables.get(id) ?? await readRecords(join(this.#folder, file));
    this.#tables.set(id, rows);
    return { file, rows };
  }

  /** The content of `report.json`. */
  async note(): Promise<Readonly<{ discussions: number; compared: number; flagged: readonly string[] }>> {
    const path = join(this.#folder, "report.json");
    try {
      return JSON.parse(await Deno.readTextFile(path));
    } catch (error) {
      throw new UsageError(`Cannot compare with "${path}": ${(error as Error).message}`);
    }
  }
}

/** The row in which a column has this text; `null` when there is none. */
export function rowWhere(rows: readonly TableRow[], column: string, text: string): TableRow | null {
  return rows.find((row) => row.text(column) === text) ?? null;
}

/** The sum of a column of counts. */
export function total(rows: readonly TableRow[], column: string): number {
  return rows.reduce((sum, row) => sum + row.needed(column), 0);
}
