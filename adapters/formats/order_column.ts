/** Reads the column that orders the comments: numbers, or dates of one form. */
import { BigNumber } from "npm:bignumber.js@11.1.5";
import { quoted } from "../../core/experiment/problems.ts";
import { isEmptyCell } from "./columns.ts";
import { type DateForm, dateOf, type DateReading, epochOf, formatAdvice, TIME_NAME } from "./dates.ts";
import { FormatError } from "./format_error.ts";

type OrderKind = "number" | DateForm;

/**
 * `order` is a decimal number of any size; `null` if the cell is empty or ambiguous. `problem` says why it is
 * ambiguous.
 */
export type ReadOrder = Readonly<{ order: string | null; problem?: string }>;

const KINDS: Readonly<Record<OrderKind, string>> = {
  number: "a number",
  day: "a date without a time",
  local: "a time without a zone",
  zoned: "a time with a zone",
  rfc2822: "a date of RFC 2822",
  format: "a date of the format",
};

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?$/i;

const REMEDY = "Name another column with --map order=COLUMN, or keep the order of the file with --map order=";

/** Reads a column from top to bottom, and remembers the kind of its values. */
export class OrderColumn {
  readonly #name: string;
  readonly #dates: DateReading;
  #first: Readonly<{ kind: OrderKind; line: number; text: string }> | null = null;
  /** Unit of a discussion's times since 1970 → an example. */
  readonly #units = new Map<string, string>();

  constructor(name: string, dates: DateReading) {
    this.#name = name;
    this.#dates = dates;
  }

  /** How the column was read, for the logs; `null` if it is empty. */
  get reading(): Readonly<Record<string, string>> | null {
    if (this.#first === null) return null;
    const { format, zone } = this.#dates;
    const { kind } = this.#first;
    return {
      kind,
      ...(kind === "format" ? { format: format!.text } : {}),
      ...(kind === "local" || (kind === "format" && !format!.hasOffset) ? { zone } : {}),
    };
  }

  /** Whether the column has days without times. */
  get isOfDays(): boolean {
    return this.#first?.kind === "day";
  }

  /** Notes that discussions have times since 1970 in different units. */
  get note(): string | null {
    if (this.#units.size < 2) return null;
    const units = [...this.#units].map(([unit, order]) => `${quoted(order)} (${unit})`);
    return `the column ${quoted(this.#name)} holds times since 1970, and discussions use ` +
      `different units: ${units.join(" and ")}. ` +
      "Each discussion is in order, but times cannot be compared between discussions";
  }

  read(value: unknown, line: number): ReadOrder {
    if (isEmptyCell(value)) return { order: null };
    const text = typeof value === "object" ? JSON.stringify(value) : String(value).trim();
    const read = typeof value === "object" ? null : this.#parsed(text);
    if (read === null) throw this.#unknown(text, line);
    this.#first ??= { kind: read.kind, line, text };
    if (read.kind !== this.#first.kind) throw this.#otherKind(read.kind, text, line);
    return read.problem === undefined
      ? { order: read.order }
      : { order: null, problem: `its ${this.#name} is ${quoted(text)}, which ${read.problem}` };
  }

  /** Sorts the rows of a discussion. Equal rows stay in the order of the file. */
  sorted<T extends Readonly<{ order: string | null; line: number }>>(rows: readonly T[]): readonly T[] {
    const orders = rows.flatMap(({ order }) => order === null ? [] : [order]);
    if (orders.length === 0) return rows;
    const without = rows.find(({ order }) => order === null);
    const doubt = without !== undefined
      ? `its ${this.#name} is empty, but other comments of its discussion have a value`
      : this.#first?.kind === "number"
      ? doubtOf(orders, this.#name)
      : null;
    if (doubt !== null) throw new FormatError(`${doubt}. ${REMEDY}`, (without ?? rows[0]!).line);
    this.#noteUnit(orders);
    const keyed = rows.map((row) => ({ row, key: new BigNumber(row.order!) }));
    return keyed.toSorted((a, b) => a.key.comparedTo(b.key)!).map(({ row }) => row);
  }

  #noteUnit(orders: readonly string[]): void {
    const unit = this.#first?.kind === "number" ? epochOf(orders[0]!) : "";
    if (unit !== "" && !this.#units.has(unit)) this.#units.set(unit, orders[0]!);
  }

  #parsed(text: string): (Readonly<{ kind: OrderKind }> & ReadOrder) | null {
    if (this.#dates.format === undefined && NUMBER.test(text)) return { kind: "number", order: text };
    const date = dateOf(text, this.#dates);
    if (date === null) return null;
    return "problem" in date
      ? {
        kind: date.form,
        order: null,
        problem: `${date.problem}. Give the offset with each time, or another --time-zone`,
      }
      : { kind: date.form, order: String(date.nanoseconds) };
  }

  #unknown(text: string, line: number): FormatError {
    const { format } = this.#dates;
    const expected = format === undefined
      ? "neither a number nor a date of ISO 8601 or RFC 2822"
      : `not of the format "${format.text}"`;
    return this.#refusal(
      `${quoted(text)}, which is ${expected}`,
      `${formatAdvice(text)}. ${REMEDY}`,
      line,
    );
  }

  #otherKind(kind: OrderKind, text: string, line: number): FormatError {
    const first = this.#first!;
    return this.#refusal(
      `${quoted(text)}, ${KINDS[kind]}, and on line ${first.line} ${quoted(first.text)}, ` +
        KINDS[first.kind],
      `Write all values in one form. ${REMEDY}`,
      line,
    );
  }

  #refusal(found: string, remedy: string, line: number): FormatError {
    return new FormatError(
      `the comments cannot be put in order: the column ${quoted(this.#name)} holds ${found}. ` +
        `The file is not imported. ${remedy}`,
      line,
    );
  }
}

/** Why the meaning of numbers is unclear; `null` if it is clear. */
function doubtOf(orders: readonly string[], column: string): string | null {
  return mixedTimes(orders, column) ?? dayFirst(orders, column) ?? numbering(orders, column);
}

function mixedTimes(orders: readonly string[], column: string): string | null {
  const examples = new Map(orders.map((order) => [epochOf(order), order]));
  examples.delete("");
  const times = [...examples].map(([unit, order]) => `${quoted(order)} (${unit})`);
  const noTime = orders.find((order) => Number(order) <= 0);
  if (times.length > 1) {
    return `its ${column} holds ${
      times.join(" and ")
    } in one discussion, which look like times since 1970 in different units`;
  }
  if (times.length === 0 || noTime === undefined) return null;
  return `its ${column} holds, in one discussion, times since 1970 such as ${times[0]} ` +
    `beside numbers that are no such times, such as ${quoted(noTime)}`;
}

const DAY_OR_MONTH_FIRST = /^(?:[0-2]\d|3[01])(?:[0-2]\d|3[01])(?:19|20)\d\d(?:\d{4}|\d{6})?$/;

/**
 * Says why dates of digits only, such as `31012024`, cannot be sorted as numbers: their year does not come
 * first.
 */
function dayFirst(orders: readonly string[], column: string): string | null {
  const isDayFirst = TIME_NAME.test(column) && new Set(orders).size > 1 &&
    // Programs that read such a date as a number drop its first zero.
    orders.every((order) => DAY_OR_MONTH_FIRST.test(order.padStart(8, "0")));
  if (!isDayFirst) return null;
  return `its ${column} holds dates that begin with the day or the month, such as ${quoted(orders[0]!)}. ` +
    "Give their format, as in --date-format %d%m%Y";
}

/**
 * Says why `1.10` and `1.9` are unclear: as a decimal number, `1.10` is smaller; as a section, it comes
 * later.
 */
function numbering(orders: readonly string[], column: string): string | null {
  const parts = orders.filter((order) => /^[+-]?\d+\.\d+$/.test(order));
  const decimals = (order: string) => order.length - order.indexOf(".");
  const tenth = parts.find((order) => /[1-9]0+$/.test(order));
  const other = parts.find((order) => tenth !== undefined && decimals(order) !== decimals(tenth));
  if (tenth === undefined || other === undefined) return null;
  const found = `${quoted(other)} and ${quoted(tenth)}`;
  return `its ${column} holds ${found}, which can be decimal numbers or numbers of sections`;
}
