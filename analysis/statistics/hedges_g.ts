/** Hedges' g: a difference of means in standard deviations. */
import lnGamma from "@stdlib/math-base-special-gammaln";
import { criticalValue } from "./distributions.ts";
import type { EffectSize } from "./effect_size.ts";
import { checkLevel, intervalAround, LEVEL } from "./interval.ts";
import { mean, notComputable, sampleVariance } from "./moments.ts";
import { type Unavailable, unavailable } from "./unavailable.ts";

/** A standard deviation below this share of the values is rounding. */
const ROUNDING = 1e-12;

/**
 * The difference of two means over their pooled standard deviation, times the exact correction for small samples
 * (Hedges 1981), with the large-sample interval of Hedges and Olkin (1985): variance 1/n + 1/m + g² / 2(n + m).
 *
 * @param values One value a discussion.
 * @param reference The same of the condition that it is compared with.
 * @param level The level of the interval.
 * @returns g, in standard deviations, or why there is none.
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
  const [n, m] = [values.length, reference.length];
  if (n < 2 || m < 2) return unavailable("a condition has fewer than two discussions");
  const wrong = notComputable([...values, ...reference], "value");
  if (wrong !== undefined) return unavailable(wrong);
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
