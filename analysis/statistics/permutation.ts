/** Permutation tests: how rare a difference would be if conditions were labels drawn by lot. */
import { type Draw, openDraw } from "../../core/random/mod.ts";
import { allEqual, mean, notComputable } from "./moments.ts";
import { type Unavailable, unavailable } from "./unavailable.ts";

/** The most arrangements that are gone through one by one; of more, some are drawn. */
export const EXACT_MAX = 200_000;

/** Arrangements that are drawn where no number is asked for. */
export const PERMUTATIONS = 9999;

/** Sums differ in rounding: this share of all deviations together, two of them still count as equal. */
const ROUNDING = 1e-11;

/** How arrangements are drawn where there are too many to go through. */
export type PermutationOptions = Readonly<{
  /** Where chance comes from. */
  seed: string;
  /** {@linkcode PERMUTATIONS} where left out. */
  permutations?: number;
  /** {@linkcode EXACT_MAX} where left out. */
  exactMax?: number;
}>;

/** What the arrangements say. */
export type PermutationResult = Readonly<{
  /** The observed difference of means, in the unit of the values. */
  difference: number;
  /** The share of arrangements whose difference is at least as far from 0: two-sided. */
  p: number;
  /** Whether all arrangements were gone through. */
  exact: boolean;
  /** How many arrangements there are, or how many were drawn, the observed one beside them. */
  arrangements: number;
}>;

/**
 * Tests a difference of means between two conditions by permuting which discussion had which.
 *
 * Drawn arrangements count the observed one too, p = (b + 1) / (m + 1), so that the test keeps its level whatever m
 * (Phipson and Smyth 2010).
 *
 * @param values One value a discussion, such as the mean of its comments.
 * @param reference The same of the condition that it is compared with.
 * @param options The seed, and when and how many arrangements are drawn.
 * @returns The difference (values − reference) and its p, or why there is none.
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
  // About their mean, all values sum to 0, and a difference is a multiple of the sum of one side.
  const centre = mean(pooled);
  const deviations = pooled.map((value) => value - centre);
  const chosen = values.length;
  const observed = deviations.slice(0, chosen).reduce((sum, value) => sum + value, 0);
  return {
    difference: mean(values) - mean(reference),
    ...shareBeyond(boundOf(observed, deviations), choices(pooled.length, chosen), options, {
      all: (visit) => sumsOfChoices(deviations, chosen, visit),
      drawn: (draw) => draw.sample(deviations, chosen).reduce((sum, value) => sum + value, 0),
    }),
  };
}

/**
 * Tests whether differences of pairs are as likely below 0 as above, by flipping their signs.
 *
 * @param differences One difference a pair.
 * @param options As for {@linkcode permutationTest}.
 * @returns The mean difference and its p, or why there is none.
 */
export function signFlipTest(
  differences: readonly number[],
  options: PermutationOptions,
): PermutationResult | Unavailable {
  if (differences.length === 0) return unavailable("there are no pairs");
  const wrong = notComputable(differences, "difference");
  if (wrong !== undefined) return unavailable(wrong);
  if (differences.every((value) => value === 0)) return unavailable("all differences are 0");
  const observed = differences.reduce((sum, value) => sum + value, 0);
  return {
    difference: mean(differences),
    ...shareBeyond(boundOf(observed, differences), 2 ** differences.length, options, {
      all: (visit) => sumsOfFlips(differences, visit),
      drawn: (draw) => differences.reduce((sum, value) => draw.below(2) === 0 ? sum + value : sum - value, 0),
    }),
  };
}

type Visit = (sum: number) => void;

type Arrangements = Readonly<{ all: (visit: Visit) => void; drawn: (draw: Draw) => number }>;

/** What a sum must reach to be as far from 0 as the observed one. */
function boundOf(observed: number, summed: readonly number[]): number {
  return Math.abs(observed) - ROUNDING * summed.reduce((sum, value) => sum + Math.abs(value), 0);
}

function shareBeyond(
  bound: number,
  count: number,
  { seed, permutations = PERMUTATIONS, exactMax = EXACT_MAX }: PermutationOptions,
  { all, drawn }: Arrangements,
): Omit<PermutationResult, "difference"> {
  let beyond = 0;
  if (count <= exactMax) {
    all((sum) => {
      if (Math.abs(sum) >= bound) beyond++;
    });
    return { p: beyond / count, exact: true, arrangements: count };
  }
  const draw = openDraw(seed, "permutations");
  for (let i = 0; i < permutations; i++) if (Math.abs(drawn(draw)) >= bound) beyond++;
  return { p: (beyond + 1) / (permutations + 1), exact: false, arrangements: permutations };
}

/** How many ways there are to choose k of n: exact where it matters, below {@linkcode EXACT_MAX}. */
function choices(n: number, k: number): number {
  let count = 1;
  for (let i = 1; i <= Math.min(k, n - k); i++) count = count * (n - i + 1) / i;
  return Math.round(count);
}

/** Visits the sum of every choice of so many values. */
function sumsOfChoices(values: readonly number[], count: number, visit: Visit, from = 0, sum = 0): void {
  if (count === 0) return visit(sum);
  for (let i = from; i <= values.length - count; i++) {
    sumsOfChoices(values, count - 1, visit, i + 1, sum + values[i]!);
  }
}

/** Visits the sum of every way to set the values' signs. */
function sumsOfFlips(values: readonly number[], visit: Visit, from = 0, sum = 0): void {
  if (from === values.length) return visit(sum);
  sumsOfFlips(values, visit, from + 1, sum + values[from]!);
  sumsOfFlips(values, visit, from + 1, sum - values[from]!);
}
