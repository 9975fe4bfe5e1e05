/** Effect sizes: Hedges' g and Cliff's delta. */
import {
  allEqual,
  checkLevel,
  criticalValue,
  type Interval,
  intervalAround,
  LEVEL,
  mean,
  notComputable,
  sampleVariance,
} from "./distributions.ts";
import lnGamma from "npm:@stdlib/math-base-special-gammaln@0.3.1";
import { type Unavailable, unavailable } from "./unavailable.ts";

/** A standardised difference. It is above 0 if the values are higher than the reference's values. */
export type EffectSize = Readonly<{ estimate: number; interval: Interval; standardError: number }>;

/** A standard deviation below this share of the values is only rounding. */
const ROUNDING = 1e-12;

/**
 * Hedges' g: the difference of two means, divided by their pooled standard deviation, with the exact correction
 * for small samples (Hedges 1981). The interval is Hedges and Olkin's for large samples (1985). For n and m
 * values, g has the variance 1/n + 1/m + g² / (2 (n + m)).
 *
 * @param values One value per discussion.
 * @returns g, in standard deviations, or the reason why it cannot be computed.
 *
 * @example
 * ```ts
 * import { hedgesG, isUnavailable } from "../mod.ts";
 * import assert from "node:assert/strict";
 *
 * const result = hedgesG([4, 5, 6, 7], [1, 2, 3, 4]);
 * assert(!isUnavailable(result));
 * assert.equal(result.estimate.toFixed(3), "2.019");
 * ```
 */
export function hedgesG(
  values: readonly number[],
  reference: readonly number[],
  level: number = LEVEL,
): EffectSize | Unavailable {
  checkLevel(level);
  const wrong = problemWith(values, reference);
  if (wrong !== undefined) return unavailable(wrong);
  const [n, m] = [values.length, reference.length];
  const df = n + m - 2;
  const pooled = Math.sqrt(((n - 1) * sampleVariance(values) + (m - 1) * sampleVariance(reference)) / df);
  const size = [...values, ...reference].reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  if (pooled <= ROUNDING * size) return unavailable("the values do not vary within conditions");
  const correction = Math.exp(lnGamma(df / 2) - lnGamma((df - 1) / 2)) / Math.sqrt(df / 2);
  const g = correction * (mean(values) - mean(reference)) / pooled;
  const standardError = Math.sqrt(1 / n + 1 / m + g ** 2 / (2 * (n + m)));
  return {
    estimate: g,
    interval: intervalAround(g, criticalValue(level, null) * standardError, level),
    standardError,
  };
}

/**
 * Cliff's delta. Each value is paired with each value of the reference. Delta is the share of pairs in which
 * the value is above the reference's value, minus the share in which it is below. Delta uses only the order of
 * the values.
 *
 * The variance is Cliff's unbiased estimate (1993), but at least (1 − δ²) / (nm − 1). The interval is Feng and
 * Cliff's asymmetric interval (2004), which stays within [−1, 1]. It uses the quantile z of the normal
 * distribution, while R's effsize uses Student's t. If δ is ±1, the variance is 0. The interval then reaches
 * from δ to δ (k − z²) / (k + z²), where k is the size of the smaller group.
 *
 * @param values One value per discussion.
 * @returns δ, in [−1, 1], or the reason why it cannot be computed.
 *
 * @example
 * ```ts
 * import { cliffsDelta, isUnavailable } from "../mod.ts";
 * import assert from "node:assert/strict";
 *
 * const result = cliffsDelta([2, 4, 6], [1, 4, 5]);
 * assert(!isUnavailable(result));
 * assert.equal(result.estimate, 2 / 9);
 * ```
 */
export function cliffsDelta(
  values: readonly number[],
  reference: readonly number[],
  level: number = LEVEL,
): EffectSize | Unavailable {
  checkLevel(level);
  const wrong = problemWith(values, reference);
  if (wrong !== undefined) return unavailable(wrong);
  const [n, m] = [values.length, reference.length];
  if (allEqual([...values, ...reference])) return unavailable("all values are equal");

  const above = dominance(values, reference);
  const below = dominance(reference, values);
  const delta = above.reduce((sum, { net }) => sum + net, 0) / (n * m);
  const unequal = n * m - above.reduce((sum, { ties }) => sum + ties, 0);
  const spread = (counts: readonly Dominance[], others: number, sign: number) =>
    counts.reduce((sum, { net }) => sum + (net / others - sign * delta) ** 2, 0);
  const unbiased =
    (m ** 2 * spread(above, m, 1) + n ** 2 * spread(below, n, -1) - (unequal - n * m * delta ** 2)) /
    (n * m * (n - 1) * (m - 1));
  const variance = Math.max(unbiased, (1 - delta ** 2) / (n * m - 1));
  return {
    estimate: delta,
    interval: deltaInterval(delta, variance, Math.min(n, m), level),
    standardError: Math.sqrt(variance),
  };
}

function problemWith(values: readonly number[], reference: readonly number[]): string | undefined {
  if (values.length < 2 || reference.length < 2) return "a condition has fewer than two discussions";
  return notComputable([...values, ...reference], "value");
}

/**
 * For one value, `net` is the number of others below it minus the number above it. `ties` is the number of
 * equal others.
 */
type Dominance = Readonly<{ net: number; ties: number }>;

function dominance(values: readonly number[], others: readonly number[]): Dominance[] {
  const sorted = Float64Array.from(others).sort();
  return values.map((value) => {
    const near = ROUNDING * Math.abs(value);
    const below = countWhile(sorted, (other) => other < value - near);
    const notAbove = countWhile(sorted, (other) => other <= value + near);
    return { net: below - (sorted.length - notAbove), ties: notAbove - below };
  });
}

/** Counts how many values at the beginning of a sorted list pass a test. */
function countWhile(sorted: Float64Array, holds: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function deltaInterval(delta: number, variance: number, smaller: number, level: number): Interval {
  const z = criticalValue(level, null);
  if (Math.abs(delta) === 1) {
    const end = delta * (smaller - z ** 2) / (smaller + z ** 2);
    return { level, lower: Math.min(end, delta), upper: Math.max(end, delta) };
  }
  const room = 1 - delta ** 2;
  const reach = z * Math.sqrt(variance) * Math.sqrt(room ** 2 + z ** 2 * variance);
  const divisor = room + z ** 2 * variance;
  return { level, lower: (delta * room - reach) / divisor, upper: (delta * room + reach) / divisor };
}
