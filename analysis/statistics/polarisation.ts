/** Polarisation: whether opinions gather at several steps of a scale, and not around a single step. */
import { type Unavailable, unavailable } from "./unavailable.ts";

/**
 * The normalised distance from unimodality, nDFU (Pavlopoulos and Likas, "Polarized Opinion Detection Improves the Detection
 * of Toxic Language", EACL 2024).
 *
 * A histogram with one peak falls on both sides of the peak. To compute nDFU, go from the highest bin outwards
 * to both ends, and take the largest rise from one bin to the next. nDFU is this rise, divided by the height of
 * the highest bin. It is 0 if no bin is higher than the bin before it. It is 1 if a bin as high as the peak
 * follows an empty bin. If several bins are highest, the first one is the peak.
 *
 * @param histogram The number of opinions at each step of the scale, in order, including empty steps.
 * @returns The distance, in [0, 1], or the reason why it cannot be computed.
 * @throws RangeError when a count is negative or not finite.
 *
 * @example
 * ```ts
 * import { polarisation } from "../mod.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(polarisation([1, 4, 9, 3, 0]), 0);
 * assert.equal(polarisation([5, 0, 0, 0, 5]), 1);
 * assert.equal(polarisation([8, 2, 0, 4, 1]), 0.5);
 * ```
 */
export function polarisation(histogram: readonly number[]): number | Unavailable {
  const wrong = histogram.find((count) => !(count >= 0 && count < Infinity));
  if (wrong !== undefined) throw new RangeError(`Cannot count "${wrong}" opinions: expected a number from 0`);
  const highest = histogram.reduce((max, count) => Math.max(max, count), 0);
  if (highest === 0) return unavailable("there are no opinions");
  if (histogram.length < 2) return unavailable("the scale has only one step");
  const mode = histogram.indexOf(highest);
  const rises = histogram.map((count, step) => {
    if (step === mode) return 0;
    return count - histogram[step < mode ? step + 1 : step - 1]!;
  });
  return Math.max(0, ...rises) / highest;
}
