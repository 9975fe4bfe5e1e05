/** The normal distribution and Student's t, which tests and intervals refer to, and the interval of a share. */
import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import tCdf from "@stdlib/stats-base-dists-t-cdf";
import tPdf from "@stdlib/stats-base-dists-t-pdf";
import type { Draw } from "../../core/random/mod.ts";
import type { Interval } from "./interval.ts";

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
