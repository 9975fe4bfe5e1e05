/** Cells of tables from elsewhere. */
import { quoted } from "../../core/experiment/problems.ts";
import { FormatError } from "./format_error.ts";

/** How pandas, R, SQL and JavaScript write that a cell is empty. */
const EMPTY = /^(?:|nan|nat|none|null|undefined|n\/a|<?na>?|\\n)$/i;

/** Whether a cell of numbers, dates or truth values is empty. */
export function isEmptyCell(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value !== "object" && EMPTY.test(String(value).trim());
}

/** A cell as text: numbers and truth values are written as texts, nothing at all is the empty text; lists are none. */
export function textOfCell(value: unknown): string | undefined {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? undefined : String(value);
}

const YES: ReadonlySet<string> = new Set(["true", "t", "yes", "y", "on"]);
const NO: ReadonlySet<string> = new Set(["false", "f", "no", "n", "off"]);

/** What a cell says; `null` where it is empty, `undefined` where it says something else. */
export function truthOf(value: unknown): boolean | null | undefined {
  if (isEmptyCell(value)) return null;
  if (typeof value === "object") return undefined;
  const word = String(value).trim().toLowerCase();
  if (YES.has(word) || /^1(?:\.0*)?$/.test(word)) return true;
  return NO.has(word) || /^0(?:\.0*)?$/.test(word) ? false : undefined;
}

/** Reads a file's column from top to bottom, and remembers whether it says no. */
export class TruthColumn {
  readonly #name: string;
  readonly #field: string;
  #firstNo: number | null = null;

  /** Nothing is read yet. @param name The column's name. @param field What it says. */
  constructor(name: string, field: string) {
    this.#name = name;
    this.#field = field;
  }

  /**
   * Reads a cell.
   *
   * @param value The cell.
   * @param line Its line.
   * @returns `null` where it is empty; see `whereEmpty`.
   * @throws {FormatError} When it is no truth value: what the column says is not known then.
   */
  read(value: unknown, line: number): boolean | null {
    const truth = truthOf(value);
    if (truth === undefined) {
      throw new FormatError(
        `the column ${quoted(this.#name)} holds ${
          quoted(typeof value === "object" ? JSON.stringify(value) : String(value))
        }, ` +
          "which is neither yes nor no. Nothing of the file is imported. Write true or false, yes or no, y or n, t or f, on " +
          `or off, 1 or 0; or read no column as this, with --map ${this.#field}=`,
        line,
      );
    }
    if (truth === false) this.#firstNo ??= line;
    return truth;
  }

  /**
   * What an empty cell says, when the column was read to its end: no, where nothing but yes is marked.
   *
   * @param line The empty cell's line.
   * @throws {FormatError} When other cells say no, so that this one can say either.
   */
  whereEmpty(line: number): false {
    if (this.#firstNo === null) return false;
    throw new FormatError(
      `its ${this.#name} is empty, and says neither yes nor no, as line ${this.#firstNo} does`,
      line,
    );
  }
}
