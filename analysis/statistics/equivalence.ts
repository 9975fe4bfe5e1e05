/** Tests whether an effect is too small to matter. */
import { checkLevel, criticalValue, type Interval, intervalAround, twoSidedP } from "./distributions.ts";
import type { Coefficient } from "./coefficients.ts";

/** The default error rate of a test of equivalence. */
const ALPHA = 0.05;

/** A test of equivalence. */
export type Equivalence = Readonly<{
  /** The largest effect that does not matter, to either side of 0, in the unit of the estimate. */
  margin: number;
  /** The larger p of the two one-sided tests: that the effect is above −margin, and that it is below the margin. */
  p: number;
  /** The interval with the level 1 − 2 alpha. It lies within the margin if and only if p is below alpha. */
  interval: Interval;
  /** Whether the effect is smaller than the margin, at the error rate alpha. */
  equivalent: boolean;
}>;

/**
 * Tests whether an effect is smaller than a margin, by two one-sided tests (Schuirmann 1987).
 *
 * @param found An estimate with its standard error and degrees of freedom. If `df` is `null`, the normal
 *   distribution is used.
 * @param margin The largest effect that does not matter, in the unit of the estimate.
 * @param alpha The error rate. Default 0.05.
 * @throws RangeError when the margin is not above 0, or alpha is not between 0 and 0.5.
 *
 * @example
 * ```ts
 * import { equivalence } from "../mod.ts";
 * import assert from "node:assert/strict";
 *
 * const result = equivalence({ estimate: 0.1, standardError: 0.1, df: null }, 0.5);
 * assert.equal(result.p.toPrecision(3), "0.0000317");
 * assert(result.equivalent);
 * ```
 */
export function equivalence(
  { estimate, standardError, df }: Pick<Coefficient, "estimate" | "standardError" | "df">,
  margin: number,
  alpha: number = ALPHA,
): Equivalence {
  if (!(margin > 0 && Number.isFinite(margin))) {
    throw new RangeError(`Cannot test equivalence within "${margin}": expected a number above 0`);
  }
  const level = 1 - 2 * alpha;
  checkLevel(level);
  const distance = (margin - Math.abs(estimate)) / standardError;
  const beyond = twoSidedP(distance, df) / 2;
  const p = distance > 0 ? beyond : 1 - beyond;
  const interval = intervalAround(estimate, criticalValue(level, df) * standardError, level);
  return { margin, p, interval, equivalent: p < alpha };
}
