/** What annotators say of units, as measures of agreement take it. */
import { isComputable } from "./moments.ts";

/** A value that an annotator gave; `null` where there is none. */
export type Rating = string | number | null;

/** One row a unit (a comment), one entry an annotator, in the same order in each row. */
export type Ratings = readonly (readonly Rating[])[];

/** How values are compared: as names, by their order, or by their difference. */
export type MeasurementLevel = "nominal" | "ordinal" | "interval";

/** Ratings as numbers of values, of units that two annotators or more have rated: others say nothing of agreement. */
export type CodedRatings = Readonly<{
  /** The values in ascending order (of code units where they are names). */
  values: readonly (string | number)[];
  /** Of each unit, `null` where it was left out, the index of each value it was given. */
  units: readonly (Int32Array | null)[];
}>;

/**
 * Codes ratings.
 *
 * @param ratings The ratings.
 * @returns The values there are, and where they stand.
 * @throws RangeError where a number is not finite, or too large to be squared.
 */
export function codeRatings(ratings: Ratings): CodedRatings {
  const given = ratings.map((row) => row.filter((value) => value !== null));
  const pairable = given.map((row) => row.length >= 2 ? row : null);
  const found = new Set(pairable.flatMap((row) => row ?? []));
  for (const value of found) {
    if (typeof value === "number" && !isComputable(value)) {
      throw new RangeError(`Cannot compare the rating "${value}": expected a finite number, a name or null`);
    }
  }
  const values = [...found].sort((a, b) => {
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a) < String(b) ? -1 : 1;
  });
  const codes = new Map(values.map((value, code) => [value, code]));
  return { values, units: pairable.map((row) => row && Int32Array.from(row, (value) => codes.get(value)!)) };
}
