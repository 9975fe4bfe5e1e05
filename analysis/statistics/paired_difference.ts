/**
 * Differences between matched discussions. Matched discussions belong to the same replicate, and share random
 * draws.
 */
import { type BootstrapEstimate, type BootstrapOptions, bootstrapSums } from "./cluster_bootstrap.ts";
import {
  checkLevel,
  criticalValue,
  type Interval,
  intervalAround,
  LEVEL,
  mean,
  notComputable,
  sampleVariance,
  twoSidedP,
} from "./distributions.ts";
import { type PermutationOptions, type PermutationResult, signFlipTest } from "./permutation.ts";
import { isUnavailable, type Unavailable, unavailable } from "./unavailable.ts";

/** A standard error below this share of the values is only rounding. */
const ROUNDING = 1e-12;

/** The difference between conditions in matched discussions, in the unit of the values. */
export type PairedDifference = Readonly<{
  /** The number of pairs in use, and the number of pairs that are excluded because they lack a value. */
  pairs: number;
  missing: number;
  /** The mean of the differences (value − reference). */
  difference: number;
  standardError: number;
  t: number;
  df: number;
  /** The two-sided p value of Student's t test. */
  p: number;
  /** The interval of the difference by Student's t. */
  interval: Interval;
  /** The two-sided test that flips signs. It does not assume a normal distribution. */
  permutation: PermutationResult;
  /** The bootstrap, which draws pairs with replacement. */
  bootstrap: BootstrapEstimate;
}>;

/** The options of a test of pairs. */
export type PairedOptions = Readonly<{
  /** Equal seeds give equal results. */
  seed: string;
  /** The same as in {@linkcode BootstrapOptions}. The pairs are the clusters. */
  resamples?: BootstrapOptions["resamples"];
  /** The same as in {@linkcode PermutationOptions}. */
  permutations?: PermutationOptions["permutations"];
  /** The level of the intervals. Default 0.95. */
  level?: number;
}>;

/**
 * The mean difference of matched discussions, by Student's paired t, by permutation and by bootstrap.
 *
 * @param pairs A value and the reference's value of each pair. Pairs with `null` are excluded and counted.
 *
 * @example
 * ```ts
 * import { isUnavailable, pairedDifference } from "../mod.ts";
 * import assert from "node:assert/strict";
 *
 * const result = pairedDifference([[3, 1], [5, 2], [4, 2], [7, 3], [2, null]], { seed: "42" });
 * assert(!isUnavailable(result));
 * assert.equal(result.difference, 2.75);
 * assert.equal(result.permutation.p, 0.125);
 * ```
 */
export function pairedDifference(
  pairs: readonly (readonly [value: number | null, reference: number | null])[],
  { seed, resamples, permutations, level = LEVEL }: PairedOptions,
): PairedDifference | Unavailable {
  checkLevel(level);
  const whole = pairs.filter((pair): pair is readonly [number, number] =>
    pair[0] !== null && pair[1] !== null
  );
  if (whole.length < 2) {
    return unavailable(`only ${whole.length} of ${pairs.length} pairs have both values, and two are needed`);
  }
  const wrong = notComputable(whole.flat(), "value");
  if (wrong !== undefined) return unavailable(wrong);
  const differences = whole.map(([value, reference]) => value - reference);
  const difference = mean(differences);
  const standardError = Math.sqrt(sampleVariance(differences) / whole.length);
  const size = whole.reduce(
    (max, [value, reference]) => Math.max(max, Math.abs(value), Math.abs(reference)),
    0,
  );
  if (standardError <= ROUNDING * size) {
    return unavailable("all paired differences are identical, so no variance can be estimated");
  }
  const permutation = signFlipTest(differences, { seed, permutations });
  if (isUnavailable(permutation)) return permutation;
  const bootstrap = bootstrapSums(
    [Float64Array.from(differences)],
    ([sum]) => sum! / differences.length,
    { seed, resamples, level },
  );
  if (isUnavailable(bootstrap)) return bootstrap;
  const [t, df] = [difference / standardError, whole.length - 1];
  return {
    pairs: whole.length,
    missing: pairs.length - whole.length,
    difference,
    standardError,
    t,
    df,
    p: twoSidedP(t, df),
    interval: intervalAround(difference, criticalValue(level, df) * standardError, level),
    permutation,
    bootstrap,
  };
}
