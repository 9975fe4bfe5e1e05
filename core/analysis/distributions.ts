/** The normal, Student's t and the binomial: the distributions that tests and intervals refer to. */
import betaQuantile from "@stdlib/stats-base-dists-beta-quantile";
import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import tCdf from "@stdlib/stats-base-dists-t-cdf";
import tQuantile from "@stdlib/stats-base-dists-t-quantile";
import type { Draw } from "../random/mod.ts";
import type { Interval } from "./interval.ts";

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
 * @param df The degrees of freedom of Student's t; `null` for the normal distribution.
 * @returns The quantile at (1 + level) / 2.
 */
export function criticalValue(level: number, df: number | null): number {
  const p = (1 + level) / 2;
  return df === null ? normalQuantile(p, 0, 1) : tQuantile(p, df);
}

/**
 * The exact interval of a share (Clopper and Pearson 1934).
 *
 * @param successes How many of the trials succeeded.
 * @param trials How many there were, at least one.
 * @param level The level of confidence.
 * @returns The interval, within [0, 1].
 */
export function shareInterval(successes: number, trials: number, level: number): Interval {
  const tail = (1 - level) / 2;
  return {
    level,
    lower: successes === 0 ? 0 : betaQuantile(tail, successes, trials - successes + 1),
    upper: successes === trials ? 1 : betaQuantile(1 - tail, successes + 1, trials - successes),
  };
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
