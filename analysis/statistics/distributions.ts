/** Means and variances, the normal distribution, Student's t, and confidence intervals. */
import normalCdf from "npm:@stdlib/stats-base-dists-normal-cdf@0.3.1";
import normalQuantile from "npm:@stdlib/stats-base-dists-normal-quantile@0.3.1";
import tCdf from "npm:@stdlib/stats-base-dists-t-cdf@0.2.3";
import tPdf from "npm:@stdlib/stats-base-dists-t-pdf@0.3.1";
import type { Draw } from "../../core/random/mod.ts";

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** The variance of a sample of at least two values (divisor n − 1), in two passes. */
export function sampleVariance(values: ArrayLike<number>): number {
  const centre = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - centre) ** 2;
  return squares / (values.length - 1);
}

/** Values with a larger absolute value are refused, because their squares and products would overflow. */
const MAGNITUDE_MAX = 1e100;

/** Whether a value is a number between −1e100 and 1e100. */
export function isComputable(value: number): boolean {
  return Math.abs(value) <= MAGNITUDE_MAX;
}

/**
 * Checks that all values are finite and not too large.
 *
 * @returns The reason why the values cannot be used; `undefined` if they can.
 */
export function notComputable(values: readonly number[], what: string): string | undefined {
  const wrong = values.findIndex((value) => !isComputable(value));
  if (wrong === -1) return undefined;
  return `${what} ${wrong + 1} of ${values.length} is ${values[wrong]}, which is not finite or is too large`;
}

/**
 * Differences below this share of the first value are ignored, because means of equal ratings can differ by
 * rounding.
 */
const EQUAL_SHARE = 1e-12;

/** Whether finite values are equal up to rounding. */
export function allEqual(values: readonly number[]): boolean {
  const [first = 0] = values;
  return values.every((value) => Math.abs(value - first) <= EQUAL_SHARE * Math.abs(first));
}

/** The default confidence level. */
export const LEVEL = 0.95;

/** A confidence interval, in the unit of its estimate. */
export type Interval = Readonly<{
  /** The share of such intervals that contain the true value, in (0, 1). */
  level: number;
  lower: number;
  upper: number;
}>;

export function checkLevel(level: number): void {
  if (level > 0 && level < 1) return;
  throw new RangeError(`Cannot give an interval at the level "${level}": expected a number between 0 and 1`);
}

export function intervalAround(estimate: number, halfWidth: number, level: number): Interval {
  return { level, lower: estimate - halfWidth, upper: estimate + halfWidth };
}

/**
 * The interval between two quantiles of the estimates of bootstrap resamples.
 *
 * @param tail The share of estimates beyond each end of the interval, in (0, 0.5).
 */
export function percentileInterval(replicates: readonly number[], tail: number, level: number): Interval {
  const sorted = Float64Array.from(replicates).sort();
  return { level, lower: quantile(sorted, tail), upper: quantile(sorted, 1 - tail) };
}

/**
 * A quantile of type 6 (Hyndman and Fan 1996): n values cut the line into n + 1 parts of equal probability.
 *
 * @param p The probability below the quantile, in [0, 1].
 */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) throw new RangeError("Cannot take a quantile of no values");
  const place = Math.min(Math.max(p * (sorted.length + 1) - 1, 0), sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}

/** The search for a quantile of t ends when a step is smaller than this share of t. */
const PRECISION = 1e-12;

/**
 * The two-sided p value of a statistic.
 *
 * @param df The degrees of freedom of Student's t; `null` for the normal distribution.
 */
export function twoSidedP(statistic: number, df: number | null): number {
  const below = -Math.abs(statistic);
  return Math.min(1, 2 * (df === null ? normalCdf(below, 0, 1) : tCdf(below, df)));
}

/**
 * The quantile at (1 + level) / 2. An interval reaches this many standard errors to either side of its estimate.
 *
 * @param df The degrees of freedom of Student's t, at least 1; `null` for the normal distribution.
 */
export function criticalValue(level: number, df: number | null): number {
  const tail = (1 - level) / 2;
  const z = -normalQuantile(tail, 0, 1);
  if (df === null) return z;
  // Newton's method can start at z: it never passes the solution, because the tail of t is convex and heavier
  // than z's.
  let t = z;
  for (let step = Infinity; step > PRECISION * t;) {
    step = (tCdf(-t, df) - tail) / tPdf(t, df);
    t += step;
  }
  return t;
}

/** Wilson's interval (1927) of the share of successes. There must be at least one trial. */
export function shareInterval(successes: number, trials: number, level: number): Interval {
  const z = criticalValue(level, null);
  const centre = (successes + z ** 2 / 2) / (trials + z ** 2);
  const reach = z * Math.sqrt(successes * (trials - successes) / trials + z ** 2 / 4) / (trials + z ** 2);
  return { level, lower: Math.max(0, centre - reach), upper: Math.min(1, centre + reach) };
}

/** Draws from the standard normal distribution (Box and Muller 1958). */
export function drawNormal(draw: Draw): number {
  return Math.sqrt(-2 * Math.log(1 - draw.uniform())) * Math.cos(2 * Math.PI * draw.uniform());
}
