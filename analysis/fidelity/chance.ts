/** Tests of counts against their expectations. */
import gammainc from "npm:@stdlib/math-base-special-gammainc@0.3.1";
import binomialCdf from "npm:@stdlib/stats-base-dists-binomial-cdf@0.2.3";
import normalCdf from "npm:@stdlib/stats-base-dists-normal-cdf@0.3.1";
import type { Draw } from "../../core/random/mod.ts";
import { type Unavailable, unavailable } from "../statistics/unavailable.ts";
import { EigenvalueDecomposition, Matrix } from "npm:ml-matrix@6.15.1";
import type { ChanceTests, EqualChances } from "./chance_tests.ts";
import type { ChanceTest } from "./checks.ts";

/** The normal approximation is used if the variance of the sum is at least this. */
const VARIANCE_MIN = 9;

/** The chi-square approximation is used if the expected count of every item is at least this. */
const EXPECTED_MIN = 10;

/** The limits of a simulation: its repetitions, and the items drawn in all repetitions together. */
const SIMULATIONS_MAX = 9_999;
const SIMULATED_DRAWS_MAX = 10_000_000;
const SIMULATIONS_MIN = 999;

/**
 * The exact binomial test: p is twice the probability of the smaller tail, at most 1. There must be at least
 * one trial.
 */
export function binomialTest(count: number, trials: number, probability: number): ChanceTest {
  const atMost = binomialCdf(count, trials, probability);
  const atLeast = binomialCdf(trials - count, trials, 1 - probability);
  return { method: "exact binomial", p: Math.min(1, 2 * Math.min(atMost, atLeast)), pMin: 0 };
}

/** The test of a sum of many chances by the normal distribution. */
export function normalTest(difference: number, variance: number): ChanceTest | Unavailable {
  if (variance < VARIANCE_MIN) return unavailable("there are too few cases");
  const p = Math.min(1, 2 * normalCdf(-Math.abs(difference) / Math.sqrt(variance), 0, 1));
  return { method: "normal approximation", p, pMin: 0 };
}

/** The test of a statistic that follows chi-square. */
export function chiSquareTest(statistic: number, degrees: number): ChanceTest {
  return { method: "chi-square", p: gammainc(Math.max(0, statistic) / 2, degrees / 2, true, true), pMin: 0 };
}

/**
 * Tests whether all items are equally likely to be drawn. Each draw takes m of M items without replacement.
 * Pearson's statistic, times (M − 1) / (M − m), then follows chi-square with M − 1 degrees of freedom. This is
 * an approximation for large expected counts. If they are small, the draws are simulated, as long as the
 * simulation stays within its limits.
 */
export function equalChancesTest(chances: EqualChances, draw: Draw): ChanceTest {
  const { counts, draws, perDraw } = chances;
  const kinds = counts.length;
  const expected = draws * perDraw / kinds;
  const misfit = squares(counts, expected);
  const simulations = Math.min(SIMULATIONS_MAX, Math.floor(SIMULATED_DRAWS_MAX / (draws * perDraw + kinds)));
  if (expected >= EXPECTED_MIN || simulations < SIMULATIONS_MIN) {
    return chiSquareTest(misfit / expected * (kinds - 1) / (kinds - perDraw), kinds - 1);
  }
  const simulated = new Int32Array(kinds);
  const order = Int32Array.from({ length: kinds }, (_, at) => at);
  let atLeast = 0;
  for (let time = 0; time < simulations; time++) {
    simulated.fill(0);
    for (let nth = 0; nth < draws; nth++) {
      for (let place = 0; place < perDraw; place++) {
        const from = place + draw.below(kinds - place);
        const drawn = order[from]!;
        order[from] = order[place]!;
        order[place] = drawn;
        simulated[drawn]!++;
      }
    }
    // Equal misfits can differ in their last digit, because of rounding.
    if (squares(simulated, expected) >= misfit * (1 - 1e-9)) atLeast++;
  }
  return { method: "simulation", p: (atLeast + 1) / (simulations + 1), pMin: 1 / (simulations + 1) };
}

function squares(counts: ArrayLike<number>, expected: number): number {
  let sum = 0;
  for (let at = 0; at < counts.length; at++) sum += (counts[at]! - expected) ** 2;
  return sum;
}

/** Eigenvalues up to this share of the largest eigenvalue count as zero. */
const ZERO_SHARE = 1e-9;

/**
 * The test of a vector d of differences whose expected values are 0. The statistic is dᵀ C⁺ d, where C⁺ is the
 * pseudo-inverse of their covariance matrix C. It follows chi-square; its degrees of freedom are the rank of C.
 *
 * @param covariance The rows of C.
 */
export function differencesTest(
  differences: readonly number[],
  covariance: readonly (readonly number[])[],
): ChanceTest {
  const { realEigenvalues: values, eigenvectorMatrix: vectors } = new EigenvalueDecomposition(
    new Matrix(covariance.map((row) => [...row])),
    { assumeSymmetric: true },
  );
  const zero = Math.max(...values) * ZERO_SHARE;
  let statistic = 0;
  let degrees = 0;
  for (const [nth, value] of values.entries()) {
    if (value <= zero) continue;
    const along = differences.reduce((sum, difference, row) => sum + difference * vectors.get(row, nth), 0);
    statistic += along * along / value;
    degrees++;
  }
  return chiSquareTest(statistic, degrees);
}

/** All tests of this file. */
export const CHANCE_TESTS: ChanceTests = {
  binomial: binomialTest,
  normal: normalTest,
  equalChances: equalChancesTest,
  differences: differencesTest,
};
