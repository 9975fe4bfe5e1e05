/** Columns that hold times beside the column of the order: where that one says nothing, they may be meant. */
import { quoted } from "../../core/experiment/problems.ts";
import { isEmptyCell } from "./cells.ts";
import { dateOf, type DateReading, readDateReading } from "./dates.ts";
import { epochOf, TIME_NAME } from "./epochs.ts";

/** A longer text is no time. */
const TIME_CHARS_MAX = 64;

const CLOCK = /^\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?:\s*[ap]\.?m\.?)?$/i;

/** What only a column with the name of a time holds as a time: any numbers with separators, and names of months. */
const LIKE_A_DATE =
  /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b.*\d/i;

/** Finds the columns that hold times and nothing else. */
export class OtherTimes {
  readonly #dates: DateReading;
  /** Column → a time that it holds; `null` where it holds something else as well. */
  readonly #columns = new Map<string, string | null>();

  /** Nothing is read yet. @param dates How dates are read. */
  constructor(dates: DateReading) {
    this.#dates = dates;
  }

  /** Reads a row. */
  read(record: Readonly<Record<string, unknown>>): void {
    for (const [column, value] of Object.entries(record)) {
      if (this.#columns.get(column) === null || isEmptyCell(value)) continue;
      this.#columns.set(column, this.#isTime(column, value) ? String(value) : null);
    }
  }

  /**
   * A column of times that nothing is read of.
   *
   * @param used The columns that something is read of.
   * @param rows The rows that it has to say something in; left out, any.
   * @returns The column with a time that it holds, as a message names it; `null` where there is none.
   */
  unused(used: ReadonlySet<string>, rows?: readonly Readonly<Record<string, unknown>>[]): NamedTimes | null {
    for (const [column, text] of this.#columns) {
      if (text === null || used.has(column)) continue;
      const example = rows === undefined
        ? text
        : rows.map((row) => row[column]).find((cell) => !isEmptyCell(cell));
      if (example !== undefined) {
        return { column, told: `${quoted(column)} holds times (${quoted(String(example))})` };
      }
    }
    return null;
  }

  #isTime(column: string, value: unknown): boolean {
    if (typeof value !== "string" && typeof value !== "number") return false;
    const text = String(value).trim();
    if (text.length > TIME_CHARS_MAX) return false;
    if (dateOf(text, this.#dates) !== null || dateOf(text, readDateReading()) !== null || CLOCK.test(text)) {
      return true;
    }
    return TIME_NAME.test(column) && (epochOf(text) !== "" || LIKE_A_DATE.test(text));
  }
}

/** A column of times. */
export type NamedTimes = Readonly<{ column: string; told: string }>;
