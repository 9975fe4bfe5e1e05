/** Corrections of p values for the number of tests in a family. */

/**
 * Holm's correction (1979). The probability of one or more false positives in the family is at most the level.
 *
 * @param ps The p values of a family, in any order.
 * @returns The adjusted p values, in the same order. A test is positive if its adjusted p value is below the level.
 * @throws RangeError when a value is not a probability.
 *
 * @example
 * ```ts
 * import { holm } from "../mod.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(holm([0.01, 0.04, 0.03]), [0.03, 0.06, 0.06]);
 * ```
 */
export function holm(ps: readonly number[]): number[] {
  const order = ascending(ps);
  const adjusted = new Array<number>(ps.length);
  let greatest = 0;
  for (const [rank, index] of order.entries()) {
    greatest = Math.max(greatest, Math.min(1, (ps.length - rank) * ps[index]!));
    adjusted[index] = greatest;
  }
  return adjusted;
}

/**
 * Benjamini and Hochberg's correction (1995). The expected share of false positives among all positive tests is
 * at most the level, if the tests are independent or positively dependent.
 *
 * @param ps The p values of a family, in any order.
 * @returns The adjusted p values, in the same order.
 * @throws RangeError when a value is not a probability.
 *
 * @example
 * ```ts
 * import { benjaminiHochberg } from "../mod.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(benjaminiHochberg([0.01, 0.04, 0.02]), [0.03, 0.04, 0.03]);
 * ```
 */
export function benjaminiHochberg(ps: readonly number[]): number[] {
  const adjusted = new Array<number>(ps.length);
  let least = 1;
  for (const [rank, index] of [...ascending(ps).entries()].reverse()) {
    least = Math.min(least, ps.length * ps[index]! / (rank + 1));
    adjusted[index] = least;
  }
  return adjusted;
}

function ascending(ps: readonly number[]): number[] {
  const wrong = ps.find((p) => !(p >= 0 && p <= 1));
  if (wrong !== undefined) {
    throw new RangeError(`Cannot correct "${wrong}": expected a probability from 0 to 1`);
  }
  return [...ps.keys()].sort((a, b) => ps[a]! - ps[b]!);
}
