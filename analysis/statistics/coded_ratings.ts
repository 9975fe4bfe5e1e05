/** Ratings as numbers in flat lists, which statistics of agreement read much faster than lists of lists. */
import { isComputable } from "./distributions.ts";

/** An annotator's value; `null` if it is missing. */
export type Rating = string | number | null;

/** One row per unit (a comment). Each row has one entry per annotator, in the same order. */
export type Ratings = readonly (readonly Rating[])[];

/** Ratings as indices into `values`. A unit with fewer than two values has no codes, because it shows no agreement. */
export type CodedRatings = Readonly<{
  /** The distinct values of the units with codes, in ascending order. Names are sorted by Unicode code units. */
  values: readonly (string | number)[];
  /** The codes of all units, one unit after the other. The codes of a unit are in ascending order. */
  codes: Uint32Array;
  /** Unit → its first index in `codes`. One more entry marks the end of the last unit. */
  unitStarts: Uint32Array;
}>;

/**
 * Codes ratings.
 *
 * @throws {RangeError} When a rating is a number that is not finite or is too large.
 */
export function codeRatings(ratings: Ratings): CodedRatings {
  const unitStarts = new Uint32Array(ratings.length + 1);
  // Value → its number, in the order of the first occurrences.
  const numbers = new Map<string | number, number>();
  const numbered: number[] = [];
  for (let unit = 0; unit < ratings.length; unit++) {
    const row = ratings[unit]!;
    let given = 0;
    for (let at = 0; at < row.length; at++) if (row[at] !== null) given++;
    for (let at = 0; at < row.length && given >= 2; at++) {
      const value = row[at]!;
      if (value === null) continue;
      const number = numbers.get(value) ?? numbers.size;
      numbers.set(value, number);
      numbered.push(number);
    }
    unitStarts[unit + 1] = numbered.length;
  }
  for (const value of numbers.keys()) {
    if (typeof value === "number" && !isComputable(value)) {
      throw new RangeError(`Cannot compare the rating "${value}": expected a finite number, a name or null`);
    }
  }
  const values = [...numbers.keys()].sort((a, b) => {
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a) < String(b) ? -1 : 1;
  });
  const codeOf = new Uint32Array(values.length);
  for (const [code, value] of values.entries()) codeOf[numbers.get(value)!] = code;
  const codes = Uint32Array.from(numbered, (number) => codeOf[number]!);
  for (let unit = 0; unit < ratings.length; unit++) sortPart(codes, unitStarts[unit]!, unitStarts[unit + 1]!);
  return { values, codes, unitStarts };
}

/** The units with at least two values. */
export function pairableUnits({ unitStarts }: Pick<CodedRatings, "unitStarts">): readonly number[] {
  const units: number[] = [];
  for (let unit = 0; unit + 1 < unitStarts.length; unit++) {
    if (unitStarts[unit]! < unitStarts[unit + 1]!) units.push(unit);
  }
  return units;
}

/** Sorts a part of a list by insertion, which is the fastest way for the few values of a unit. */
function sortPart(codes: Uint32Array, start: number, end: number): void {
  for (let at = start + 1; at < end; at++) {
    const code = codes[at]!;
    let to = at;
    for (; to > start && codes[to - 1]! > code; to--) codes[to] = codes[to - 1]!;
    codes[to] = code;
  }
}
