/** Cells of tables: empty cells, texts, and columns of yes and no. */
import { quoted } from "../../core/experiment/problems.ts";
import { FormatError } from "./format_error.ts";

/** How pandas, R, SQL and JavaScript write an empty cell. */
const EMPTY = /^(?:|nan|nat|none|null|undefined|n\/a|<?na>?|\\n)$/i;

/** Whether a cell of numbers, dates or yes/no values is empty. */
export function isEmptyCell(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value !== "object" && EMPTY.test(String(value).trim());
}

/** A cell as text: empty cells become the empty text, lists and objects `undefined`. */
export function textOfCell(value: unknown): string | undefined {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? undefined : String(value);
}

const YES: ReadonlySet<string> = new Set(["true", "t", "yes", "y", "on"]);
const NO: ReadonlySet<string> = new Set(["false", "f", "no", "n", "off"]);

/** A cell's yes or no: `null` when it is empty, `undefined` when it says something else. */
export function truthOf(value: unknown): boolean | null | undefined {
  if (isEmptyCell(value)) return null;
  if (typeof value === "object") return undefined;
  const word = String(value).trim().toLowerCase();
  if (YES.has(word) || /^1(?:\.0*)?$/.test(word)) return true;
  return NO.has(word) || /^0(?:\.0*)?$/.test(word) ? false : undefined;
}

/** Reads a yes/no column from top to bottom, and remembers whether it says no anywhere. */
export class TruthColumn {
  readonly #name: string;
  readonly #field: string;
  #firstNo: number | null = null;

  constructor(name: string, field: string) {
    this.#name = name;
    this.#field = field;
  }

  /**
   * Reads a cell.
   *
   * @returns `null` when it is empty; see `whereEmpty`.
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
   * The meaning of an empty cell, once the column is read: no, if only yes is marked.
   *
   * @throws {FormatError} When other cells say no, so that this one can mean either.
   */
  whereEmpty(line: number): false {
    if (this.#firstNo === null) return false;
    throw new FormatError(
      `its ${this.#name} is empty, and says neither yes nor no, as line ${this.#firstNo} does`,
      line,
    );
  }
}
