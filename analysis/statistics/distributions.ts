/** Intervals: the bounds of an estimate at a level of confidence. */
import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import tCdf from "@stdlib/stats-base-dists-t-cdf";
import tPdf from "@stdlib/stats-base-dists-t-pdf";
import type { Draw } from "../../core/random/mod.ts";

/** The level of intervals where none is asked for. */
export const LEVEL = 0.95;

/** An interval of confidence, in the unit of its estimate. */
export type Interval = Readonly<{
  /** The share of such intervals that hold the true value, in (0, 1). */
  level: number;
  lower: number;
  upper: number;
}>;

/**
 * Refuses what is no level of confidence.
 *
 * @param level The level, in (0, 1).
 * @throws RangeError where it is not.
 */
export function checkLevel(level: number): void {
  if (!(level > 0 && level < 1)) {
    throw new RangeError(
      `Cannot give an interval at the level "${level}": expected a number between 0 and 1`,
    );
  }
}

/**
 * The interval of an estimate, so many standard errors to either side.
 *
 * @param estimate The estimate.
 * @param halfWidth The distance from it to either bound.
 * @param level The level of confidence, which the half-width stands for.
 * @returns The interval.
 */
export function intervalAround(estimate: number, halfWidth: number, level: number): Interval {
  return { level, lower: estimate - halfWidth, upper: estimate + halfWidth };
}

/**
 * The interval between the quantiles of replicates of an estimate.
 *
 * @param replicates Bootstrap replicates, at least one, in any order.
 * @param tail The share of replicates to leave out at either end, in (0, 0.5).
 * @param level The level of confidence that this stands for.
 * @returns The interval from the quantile `tail` to the quantile 1 − `tail`.
 */
export function percentileInterval(replicates: readonly number[], tail: number, level: number): Interval {
  const sorted = Float64Array.from(replicates).sort();
  return { level, lower: quantile(sorted, tail), upper: quantile(sorted, 1 - tail) };
}

/**
 * A quantile where n values cut the line into n + 1 parts of equal probability (type 6 of Hyndman and Fan 1996), as
 * bootstrap replicates do.
 *
 * @param sorted The values in ascending order, at least one.
 * @param p The share of probability below, in [0, 1].
 * @returns The quantile, by linear interpolation, and no further out than the outermost values.
 * @throws RangeError where there is no value.
 */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) throw new RangeError("Cannot take a quantile of no values");
  const place = Math.min(Math.max(p * (sorted.length + 1) - 1, 0), sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}

/** The relative step at which the search for a quantile ends. */
const PRECISION = 1e-12;

/**
 * The two-sided p value of a statistic.
 *
 * @param statistic An estimate in standard errors.
 * @param df The degrees of freedom of Student's t; `null` for the normal distribution.
 * @returns The probability of a statistic at least as far from 0.
 */
export function twoSidedP(statistic: number, df: number | null): number {
  const below = -Math.abs(statistic);
  return Math.min(1, 2 * (df === null ? normalCdf(below, 0, 1) : tCdf(below, df)));
}

/**
 * How many standard errors an interval reaches to either side of its estimate.
 *
 * @param level The level of confidence, in (0, 1).
 * @param df The degrees of freedom of Student's t, at least 1; `null` for the normal distribution.
 * @returns The quantile at (1 + level) / 2.
 */
export function criticalValue(level: number, df: number | null): number {
  const tail = (1 - level) / 2;
  const z = -normalQuantile(tail, 0, 1);
  if (df === null) return z;
  // Newton's method: the tail of t is convex and heavier than the normal one, so that from z it never overshoots.
  let t = z;
  for (let step = Infinity; step > PRECISION * t;) {
    step = (tCdf(-t, df) - tail) / tPdf(t, df);
    t += step;
  }
  return t;
}

/**
 * The interval of a share (Wilson 1927).
 *
 * @param successes How many of the trials succeeded.
 * @param trials How many there were, at least one.
 * @param level The level of confidence.
 * @returns The interval, within [0, 1].
 */
export function shareInterval(successes: number, trials: number, level: number): Interval {
  const z = criticalValue(level, null);
  const centre = (successes + z ** 2 / 2) / (trials + z ** 2);
  const reach = z * Math.sqrt(successes * (trials - successes) / trials + z ** 2 / 4) / (trials + z ** 2);
  return { level, lower: Math.max(0, centre - reach), upper: Math.min(1, centre + reach) };
}

/**
 * Draws from the standard normal distribution (Box and Muller 1958).
 *
 * @param draw The source of randomness: two numbers are taken from it.
 * @returns A number of mean 0 and variance 1.
 */
export function drawNormal(draw: Draw): number {
  return Math.sqrt(-2 * Math.log(1 - draw.uniform())) * Math.cos(2 * Math.PI * draw.uniform());
}
