/** The order of a table's comments, by the column that tells it. */
import { BigNumber } from "bignumber.js";
import { quoted } from "../../core/experiment/problems.ts";
import { plainName } from "./columns.ts";
import type { DateReading } from "./dates.ts";
import { FormatError } from "./format_error.ts";
import { OrderColumn, type ReadOrder } from "./order_column.ts";
import { type NamedTimes, OtherTimes } from "./other_times.ts";

/** A comment, as far as its place among the others goes. */
type Ordered = Readonly<{ order: string | null; line: number; rest: Readonly<Record<string, unknown>> }>;

/** Columns of numbers that may tell the order, as `plainName` writes them; what they count is not certain. */
const NUMBERED: ReadonlySet<string> = new Set(
  ["turn", "comment", "message", "utterance", "sequence", "seq"].flatMap((
    what,
  ) => [what, `${what}index`, `${what}idx`, `${what}number`, `${what}no`, `${what}num`]).concat(
    "index",
    "idx",
    "step",
  ),
);

/** Reads a table's order row by row, and puts its discussions in it. */
export class CommentOrder {
  readonly #dates: DateReading;
  readonly #isTold: boolean;
  readonly #times: OtherTimes;
  #used: ReadonlySet<string> = new Set();
  #name: string | null = null;
  #column: OrderColumn | null = null;
  #alike = 0;

  /** Nothing is read yet. @param dates How dates are read. @param isTold Whether the user said which column it is. */
  constructor(dates: DateReading, isTold: boolean) {
    this.#dates = dates;
    this.#isTold = isTold;
    this.#times = new OtherTimes(dates);
  }

  /** How the column was read; `null` where it is empty, or there is none. */
  get reading(): Readonly<Record<string, string>> | null {
    return this.#column?.reading ?? null;
  }

  /** What there is to know of how the comments were put in order. */
  get notes(): readonly string[] {
    const unit = this.#column?.note ?? null;
    const alike = `${this.#alike} ${this.#alike === 1 ? "comment has" : "comments have"} the same ` +
      `${
        quoted(this.#name ?? "")
      } as the one before in the discussion: such comments stay in the order of the file`;
    return [...(this.#alike === 0 ? [] : [alike]), ...(unit === null ? [] : [unit])];
  }

  /** Says which columns there are: field → column. The first that tells the order stays. */
  find(columns: Readonly<{ order?: string }>): void {
    this.#used = new Set(Object.values(columns));
    if (columns.order === undefined || this.#column !== null) return;
    this.#name = columns.order;
    this.#column = new OrderColumn(columns.order, this.#dates);
  }

  /**
   * Reads a row.
   *
   * @throws {FormatError} When what the column holds does not tell the order.
   */
  read(record: Readonly<Record<string, unknown>>, line: number): ReadOrder {
    this.#times.read(record);
    return this.#column === null ? { order: null } : this.#column.read(record[this.#name!], line);
  }

  /**
   * Says that all rows were read.
   *
   * @throws {FormatError} When nothing tells the order but a column that may be meant.
   */
  end(): void {
    const times = this.reading === null ? this.#unusedTimes() : null;
    if (times === null) return;
    throw new FormatError(
      `the comments cannot be put in order: ${this.#lack()}, and ${times.told}. Nothing of the file is imported. ` +
        remedyOf(times),
    );
  }

  /**
   * Puts a discussion's comments in order.
   *
   * @throws {FormatError} When only some have an order, or it is not certain which it is.
   */
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
        `its ${
          quoted(this.#name!)
        } says the day alone, and ${times.told}. Write day and time into one column, as ` +
          "2024-01-31T09:30, or keep the order of the file within a day with --map order=" + this.#name!,
        ofOneDay.line,
      );
  }

  /** Numbers that rise as the file does need no word; others may be the order that the file does not have. */
  #checkNumbers(rows: readonly Ordered[]): void {
    if (this.#isTold) return;
    for (const column of Object.keys(rows[0]?.rest ?? {})) {
      if (!NUMBERED.has(plainName(column))) continue;
      const numbers = rows.map(({ rest }) =>
        /^\d+$/.test(String(rest[column]).trim()) ? Number(rest[column]) : NaN
      );
      const at = numbers.findIndex((number, place) => number < (numbers[place - 1] ?? 0));
      if (at === -1 || numbers.some(Number.isNaN)) continue;
      const told = `its ${quoted(column)} says another order than the file (${numbers[at - 1]}, then ${
        numbers[at]
      })`;
      throw new FormatError(`${told}. ${remedyOf({ column })}`, rows[at]!.line);
    }
  }

  #lack(): string {
    return this.#name === null ? "no column is known to tell it" : `its ${quoted(this.#name)} is empty`;
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
