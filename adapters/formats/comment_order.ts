/** Puts the comments of a table in order. */
import { BigNumber } from "npm:bignumber.js@11.1.5";
import { quoted } from "../../core/experiment/problems.ts";
import { isEmptyCell, plainName } from "./columns.ts";
import { dateOf, type DateReading, epochOf, readDateReading, TIME_NAME } from "./dates.ts";
import { FormatError } from "./format_error.ts";
import { OrderColumn, type ReadOrder } from "./order_column.ts";

type Ordered = Readonly<{ order: string | null; line: number; rest: Readonly<Record<string, unknown>> }>;

/** Names of columns with numbers that may be the order, as `plainName` writes them. */
const NUMBERED: ReadonlySet<string> = new Set(
  ["turn", "comment", "message", "utterance", "sequence", "seq"].flatMap((
    what,
  ) => [what, `${what}index`, `${what}idx`, `${what}number`, `${what}no`, `${what}num`]).concat(
    "index",
    "idx",
    "step",
  ),
);

/** Reads the column of the order row by row, and then sorts the comments of each discussion. */
export class CommentOrder {
  readonly #dates: DateReading;
  readonly #isTold: boolean;
  readonly #times: OtherTimes;
  #used: ReadonlySet<string> = new Set();
  #name: string | null = null;
  #column: OrderColumn | null = null;
  #alike = 0;

  constructor(dates: DateReading, isTold: boolean) {
    this.#dates = dates;
    this.#isTold = isTold;
    this.#times = new OtherTimes(dates);
  }

  /** How the column was read; `null` if it is empty or missing. */
  get reading(): Readonly<Record<string, string>> | null {
    return this.#column?.reading ?? null;
  }

  get notes(): readonly string[] {
    const unit = this.#column?.note ?? null;
    const [have, them] = this.#alike === 1 ? ["comment has", "it"] : ["comments have", "them"];
    const alike =
      `${this.#alike} ${have} the same ${quoted(this.#name ?? "")} as the comment before ${them}: ` +
      "comments with the same value stay in the order of the file";
    return [...(this.#alike === 0 ? [] : [alike]), ...(unit === null ? [] : [unit])];
  }

  /** Sets the columns (field → column). Later calls do not change the column of the order. */
  find(columns: Readonly<{ order?: string }>): void {
    this.#used = new Set(Object.values(columns));
    if (columns.order === undefined || this.#column !== null) return;
    this.#name = columns.order;
    this.#column = new OrderColumn(columns.order, this.#dates);
  }

  read(record: Readonly<Record<string, unknown>>, line: number): ReadOrder {
    this.#times.read(record);
    return this.#column === null ? { order: null } : this.#column.read(record[this.#name!], line);
  }

  end(): void {
    const times = this.reading === null ? this.#unusedTimes() : null;
    if (times === null) return;
    throw new FormatError(
      `the comments cannot be put in order: ${this.#lack()}, and ${times.told}. The file is not imported. ` +
        remedyOf(times),
    );
  }

  sorted<T extends Ordered>(rows: readonly T[]): readonly T[] {
    if (this.reading === null) this.#checkNumbers(rows);
    if (this.#column === null) return rows;
    const sorted = this.#column.sorted(rows);
    const isWithout = sorted.every(({ order }) => order === null);
    const alike = isWithout
      ? []
      : sorted.filter(({ order }, at) => at > 0 && isSame(order!, sorted[at - 1]!.order!));
    const ofOneDay = this.#column.isOfDays ? alike[0] : undefined;
    const times = isWithout || ofOneDay !== undefined ? this.#unusedTimes(sorted) : null;
    this.#alike += times === null ? alike.length : 0;
    if (times === null) return sorted;
    throw ofOneDay === undefined
      ? new FormatError(`${this.#lack()}, and ${times.told}. ${remedyOf(times)}`, sorted[0]!.line)
      : new FormatError(
        `its ${quoted(this.#name!)} gives only the day, and ${times.told}. ` +
          "Write day and time into one column, as 2024-01-31T09:30, or keep the order of the file within a day with --map order=" +
          this.#name!,
        ofOneDay.line,
      );
  }

  /**
   * Refuses a discussion if a column such as `turn` has a smaller number after a larger one: the
   * column may give the order.
   */
  #checkNumbers(rows: readonly Ordered[]): void {
    if (this.#isTold) return;
    for (const column of Object.keys(rows[0]?.rest ?? {})) {
      if (!NUMBERED.has(plainName(column))) continue;
      const numbers = rows.map(({ rest }) =>
        /^\d+$/.test(String(rest[column]).trim()) ? Number(rest[column]) : NaN
      );
      const at = numbers.findIndex((number, index) => number < (numbers[index - 1] ?? 0));
      if (at === -1 || numbers.some(Number.isNaN)) continue;
      const found = `${numbers[at - 1]}, then ${numbers[at]}`;
      throw new FormatError(
        `its ${quoted(column)} gives another order than the file (${found}). ${remedyOf({ column })}`,
        rows[at]!.line,
      );
    }
  }

  #lack(): string {
    return this.#name === null ? "no known column gives the order" : `its ${quoted(this.#name)} is empty`;
  }

  #unusedTimes(rows?: readonly Ordered[]): NamedTimes | null {
    return this.#isTold ? null : this.#times.unused(this.#used, rows?.map(({ rest }) => rest));
  }
}

function remedyOf({ column }: Pick<NamedTimes, "column">): string {
  return `Name the column of the order with --map order=COLUMN, such as --map order=${column}, or keep the order of ` +
    "the file with --map order=";
}

function isSame(a: string, b: string): boolean {
  return a === b || new BigNumber(a).eq(b);
}

/** A text with more characters than this is not a time. */
const TIME_CHARS_MAX = 64;

const CLOCK = /^\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?:\s*[ap]\.?m\.?)?$/i;

/**
 * Texts that are times if the column's name is like `date`: numbers with separators, or a month's name with a
 * number.
 */
const LIKE_A_DATE =
  /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b.*\d/i;

/** Finds columns that have only times. */
class OtherTimes {
  readonly #dates: DateReading;
  /** Column → a time in it; `null` if the column also has other values. */
  readonly #columns = new Map<string, string | null>();

  constructor(dates: DateReading) {
    this.#dates = dates;
  }

  read(record: Readonly<Record<string, unknown>>): void {
    for (const [column, value] of Object.entries(record)) {
      if (this.#columns.get(column) === null || isEmptyCell(value)) continue;
      this.#columns.set(column, this.#isTime(column, value) ? String(value) : null);
    }
  }

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

type NamedTimes = Readonly<{ column: string; told: string }>;
