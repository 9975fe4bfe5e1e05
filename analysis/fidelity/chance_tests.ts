/** The tests that findings need. Counting needs none, so programs that only count load no statistics. */
import type { Draw } from "../../core/random/mod.ts";
import type { Unavailable } from "../statistics/unavailable.ts";
import type { ChanceTest } from "./checks.ts";

/** Draws of equally likely items. */
export type EqualChances = Readonly<{
  /** How often each item was drawn; at least two items. */
  counts: readonly number[];
  /** The number of draws. */
  draws: number;
  /** The number of different items in each draw. */
  perDraw: number;
}>;

/** Tests of counts against their expectations. `chance.ts` has them. */
export type ChanceTests = Readonly<{
  binomial: (count: number, trials: number, probability: number) => ChanceTest;
  normal: (difference: number, variance: number) => ChanceTest | Unavailable;
  equalChances: (chances: EqualChances, draw: Draw) => ChanceTest;
  differences: (
    differences: readonly number[],
    covariance: readonly (readonly number[])[],
  ) => ChanceTest;
}>;
