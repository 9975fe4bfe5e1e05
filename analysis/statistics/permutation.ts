/**
 * Permutation tests. They count how often a difference is as large as observed if conditions are assigned at
 * random.
 */
import { type Draw, openDraw } from "../../core/random/mod.ts";
import { allEqual, mean, notComputable } from "./distributions.ts";
import { type DrawCount, drawsFor } from "./draw_counts.ts";
import { type Unavailable, unavailable } from "./unavailable.ts";

/**
 * An arrangement is one way to assign conditions or signs. If there are at most this many arrangements, the
 * test computes all of them. Otherwise, it draws some at random.
 */
export const EXACT_MAX = 200_000;

/** The default number of arrangements to draw. */
export const PERMUTATIONS = 9999;

/**
 * The default number of arrangements, and the number for large samples. p is then at least 0.001, and a p of 0.05
 * changes by about 0.007 with another seed: this is its standard deviation.
 */
export const PERMUTATION_COUNT: DrawCount = { most: PERMUTATIONS, least: 999 };

/** Sums count as equal if they differ by less than this share of the sum of all absolute deviations. */
const ROUNDING = 1e-11;

/** The options of a permutation test. `seed` and `permutations` matter only if the test draws arrangements. */
export type PermutationOptions = Readonly<{
  /** Equal seeds give equal results. */
  seed: string;
  /** A number is used as it is. Default {@linkcode PERMUTATIONS}, fewer for more than 20,000 discussions. */
  permutations?: number | DrawCount;
  /** Default {@linkcode EXACT_MAX}. */
  exactMax?: number;
}>;

/** The result of a permutation test. */
export type PermutationResult = Readonly<{
  /** The observed difference of means, in the unit of the values. */
  difference: number;
  /**
   * The two-sided p: the share of arrangements whose difference is at least as far from 0 as the observed
   * difference.
   */
  p: number;
  exact: boolean;
  /**
   * If `exact`, the number of all arrangements. Otherwise, the number of drawn arrangements, without the
   * observed one.
   */
  arrangements: number;
}>;

/**
 * Tests a difference of means between two conditions by permuting the conditions of the discussions.
 *
 * If the test draws m arrangements, and in b of them the difference is at least as far from 0 as observed, then
 * p = (b + 1) / (m + 1). The observed arrangement is counted, too, so the test keeps its level for any m
 * (Phipson and Smyth 2010).
 *
 * @param values One value per discussion, such as the mean of its comments.
 *
 * @example
 * ```ts
 * import { isUnavailable, permutationTest } from "../mod.ts";
 * import assert from "node:assert/strict";
 *
 * const result = permutationTest([4, 5, 6], [1, 2, 3], { seed: "42" });
 * assert(!isUnavailable(result));
 * assert.deepEqual(result, { difference: 3, p: 0.1, exact: true, arrangements: 20 });
 * ```
 */
export function permutationTest(
  values: readonly number[],
  reference: readonly number[],
  options: PermutationOptions,
): PermutationResult | Unavailable {
  if (values.length === 0 || reference.length === 0) return unavailable("a condition has no discussions");
  const pooled = [...values, ...reference];
  const wrong = notComputable(pooled, "value");
  if (wrong !== undefined) return unavailable(wrong);
  if (allEqual(pooled)) return unavailable("all values are equal");
  // Deviations from the mean sum to 0, so the difference of means is a multiple of one condition's sum.
  const centre = mean(pooled);
  const deviations = Float64Array.from(pooled, (value) => value - centre);
  const chosen = values.length;
  const shuffled = deviations.slice();
  const observed = deviations.subarray(0, chosen).reduce((sum, value) => sum + value, 0);
  return {
    difference: mean(values) - mean(reference),
    ...shareBeyond(thresholdOf(observed, deviations), {
      discussions: pooled.length,
      count: choices(pooled.length, chosen),
      all: (visit) => sumsOfChoices(deviations, chosen, visit),
      drawn: (draw) => {
        shuffled.set(deviations);
        return draw.sampleToFront(shuffled, chosen);
      },
    }, options),
  };
}

/** Tests by flipping signs whether the differences of pairs are equally likely to be above and below 0. */
export function signFlipTest(
  differences: readonly number[],
  options: PermutationOptions,
): PermutationResult | Unavailable {
  if (differences.length === 0) return unavailable("there are no pairs");
  const wrong = notComputable(differences, "difference");
  if (wrong !== undefined) return unavailable(wrong);
  if (differences.every((value) => value === 0)) return unavailable("all differences are 0");
  const observed = differences.reduce((sum, value) => sum + value, 0);
  const signs = new Uint32Array(differences.length);
  return {
    difference: mean(differences),
    ...shareBeyond(thresholdOf(observed, differences), {
      discussions: 2 * differences.length,
      count: 2 ** differences.length,
      all: (visit) => sumsOfFlips(differences, visit),
      drawn: (draw) => {
        draw.fillBelow(2, signs);
        let sum = 0;
        for (let at = 0; at < signs.length; at++) sum += (1 - 2 * signs[at]!) * differences[at]!;
        return sum;
      },
    }, options),
  };
}

type Visit = (sum: number) => void;

type Arrangements = Readonly<{
  discussions: number;
  /** The number of all arrangements. */
  count: number;
  all: (visit: Visit) => void;
  drawn: (draw: Draw) => number;
}>;

/**
 * The smallest absolute sum that counts as at least as far from 0 as the observed sum, with a tolerance for
 * rounding.
 */
function thresholdOf(observed: number, summed: ArrayLike<number>): number {
  let all = 0;
  for (let at = 0; at < summed.length; at++) all += Math.abs(summed[at]!);
  return Math.abs(observed) - ROUNDING * all;
}

function shareBeyond(
  threshold: number,
  { discussions, count, all, drawn }: Arrangements,
  { seed, permutations = PERMUTATION_COUNT, exactMax = EXACT_MAX }: PermutationOptions,
): Omit<PermutationResult, "difference"> {
  let beyond = 0;
  if (count <= exactMax) {
    all((sum) => {
      if (Math.abs(sum) >= threshold) beyond++;
    });
    return { p: beyond / count, exact: true, arrangements: count };
  }
  const draw = openDraw(seed, "permutations");
  const arrangements = drawsFor(permutations, discussions);
  for (let i = 0; i < arrangements; i++) if (Math.abs(drawn(draw)) >= threshold) beyond++;
  return { p: (beyond + 1) / (arrangements + 1), exact: false, arrangements };
}

/** n choose k, exact below {@linkcode EXACT_MAX}. */
function choices(n: number, k: number): number {
  let count = 1;
  for (let i = 1; i <= Math.min(k, n - k); i++) count = count * (n - i + 1) / i;
  return Math.round(count);
}

function sumsOfChoices(values: ArrayLike<number>, count: number, visit: Visit, from = 0, sum = 0): void {
  if (count === 0) return visit(sum);
  for (let i = from; i <= values.length - count; i++) {
    sumsOfChoices(values, count - 1, visit, i + 1, sum + values[i]!);
  }
}

function sumsOfFlips(values: readonly number[], visit: Visit, from = 0, sum = 0): void {
  if (from === values.length) return visit(sum);
  sumsOfFlips(values, visit, from + 1, sum + values[from]!);
  sumsOfFlips(values, visit, from + 1, sum - values[from]!);
}
