/** Raw agreement: how often annotators say the same. */
import { codeRatings, type Ratings } from "./ratings.ts";
import { type Unavailable, unavailable } from "./unavailable.ts";

/**
 * The share of pairs of a unit's values that are equal, as a mean over the units (P̄ of Fleiss 1971, where each unit
 * may have another number of values). Chance is not taken off: see {@linkcode krippendorffAlpha}.
 *
 * @param ratings One row a unit, one entry an annotator; units with a single value are left out.
 * @returns The share, in [0, 1], or why there is none.
 *
 * @example
 * ```ts
 * import { rawAgreement } from "../mod.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(rawAgreement([["yes", "yes", "yes"], ["no", "no", null], ["no", "yes", null]]), 2 / 3);
 * ```
 */
export function rawAgreement(ratings: Ratings): number | Unavailable {
  const units = codeRatings(ratings).units.filter((unit) => unit !== null);
  if (units.length === 0) return unavailable("no unit has values of two annotators");
  const shares = units.map((unit) => {
    let equal = 0;
    for (const [place, value] of unit.entries()) {
      for (let after = place + 1; after < unit.length; after++) if (unit[after] === value) equal += 2;
    }
    return equal / (unit.length * (unit.length - 1));
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}
