/** Distances between the distributions of a value in two corpora of discussions, such as the length of comments. */
import type { BootstrapOptions } from "./cluster_bootstrap.ts";
import {
  areaBetween,
  distanceBetween,
  type DistanceOf,
  type DistributionDistance,
  largestGap,
  type Pool,
  pooled,
  sizesOf,
} from "./distribution_distance.ts";
import { notComputable } from "./distributions.ts";
import { divergenceOf } from "./jensen_shannon.ts";
import { type Unavailable, unavailable } from "./unavailable.ts";

/** Three distances between the values of two corpora. */
export type CorpusDistances = Readonly<{
  /** Kolmogorov and Smirnov's distance: the largest gap between the two distribution functions, 0 to 1. */
  kolmogorovSmirnov: DistributionDistance;
  /** The Wasserstein distance of order 1, in the unit of the values. */
  wasserstein: DistributionDistance;
  /** The Jensen–Shannon divergence of the shares in the bins, in bits, 0 to 1. */
  jensenShannon: DistributionDistance | Unavailable;
}>;

/**
 * Measures three distances between two corpora. Values of one discussion depend on each other, so the bootstrap
 * and the random assignments draw whole discussions. Each value has the same weight, so discussions with more
 * values count more.
 *
 * @param one The values of each discussion of the first corpus.
 * @param edges The inner edges of the bins of {@linkcode CorpusDistances.jensenShannon}, ascending. A value on an edge is in the bin
 *   above it.
 * @param options As for {@linkcode distributionDistance}.
 *
 * @example
 * ```ts
 * import { corpusDistances, isUnavailable } from "../mod.ts";
 * import assert from "node:assert/strict";
 *
 * const result = corpusDistances([[0, 1], [3]], { other: [[5], [6, 8]], edges: [4] }, { seed: "42" });
 * assert(!isUnavailable(result));
 * assert.deepEqual([result.kolmogorovSmirnov.distance, result.wasserstein.distance], [1, 5]);
 * ```
 */
export function corpusDistances(
  one: readonly (readonly number[])[],
  { other, edges }: Readonly<{ other: readonly (readonly number[])[]; edges: readonly number[] }>,
  options: BootstrapOptions,
): CorpusDistances | Unavailable {
  const wrong = notComputable([...one, ...other].flat(), "value");
  if (wrong !== undefined) return unavailable(wrong);
  const [first, second] = [one, other].map((lists) => lists.filter(({ length }) => length > 0));
  if (first!.length === 0 || second!.length === 0) return unavailable("a corpus has no values");
  const pool = pooled(first!, second!);
  return {
    kolmogorovSmirnov: distanceBetween(pool, largestGap(pool), options),
    wasserstein: distanceBetween(pool, areaBetween(pool), options),
    jensenShannon: edges.length === 0
      ? unavailable("all values are equal")
      : distanceBetween(pool, divergence(pool, edges), options),
  };
}

/** The Jensen–Shannon divergence of the shares in the bins. */
function divergence({ steps, firsts }: Pool, edges: readonly number[]): DistanceOf {
  const bins = Array.from(steps, (value) => edges.filter((edge) => edge <= value).length);
  return (units) => {
    const counts = [new Float64Array(edges.length + 1), new Float64Array(edges.length + 1)] as const;
    for (let at = 0; at < units.length; at++) {
      for (const place of units[at]!) counts[at < firsts ? 0 : 1][bins[place]!]!++;
    }
    const [first, second] = sizesOf(units, firsts);
    return divergenceOf(counts[0].map((size) => size / first), counts[1].map((size) => size / second));
  };
}
