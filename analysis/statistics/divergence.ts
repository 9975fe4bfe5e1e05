/** How far the distributions of two corpora are apart. */
import { densityOn, gridOver, smoothing } from "./density.ts";
import { isUnavailable, type Unavailable, unavailable } from "./unavailable.ts";

/**
 * The Jensen–Shannon divergence between the distributions of two samples: both are smoothed by Gaussian kernels and
 * compared on one grid that holds them both (Lin, "Divergence measures based on the Shannon entropy", 1991).
 *
 * In bits. Its square root is the distance that `scipy.spatial.distance.jensenshannon(p, q, base=2)` gives.
 *
 * @param one A figure of each unit of a corpus, such as the words of its comments.
 * @param other The same of another corpus.
 * @returns From 0 (equal) to 1 (nothing in common), or why there is none.
 *
 * @example
 * ```ts
 * import { jensenShannon } from "./divergence.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(jensenShannon([1, 2, 3], [3, 2, 1]), 0);
 * assert.deepEqual(jensenShannon([1], [1, 2]), {
 *   unavailable: "of the first sample: a density needs at least two values",
 * });
 * ```
 */
export function jensenShannon(one: readonly number[], other: readonly number[]): number | Unavailable {
  const first = smoothing(one);
  if (isUnavailable(first)) return unavailable(`of the first sample: ${first.unavailable}`);
  const second = smoothing(other);
  if (isUnavailable(second)) return unavailable(`of the second sample: ${second.unavailable}`);
  const grid = gridOver([first, second]);
  if (isUnavailable(grid)) return grid;
  const p = shares(densityOn(first, grid));
  const q = shares(densityOn(second, grid));
  let bits = 0;
  for (const [at, share] of p.entries()) {
    const between = (share + q[at]!) / 2;
    bits += excess(share, between) + excess(q[at]!, between);
  }
  return Math.min(1, Math.max(0, bits / 2));
}

/** What a share adds to the divergence from a distribution; nothing where it is zero. */
function excess(share: number, reference: number): number {
  return share === 0 ? 0 : share * Math.log2(share / reference);
}

/** The same, summing to one. */
function shares(density: Float64Array): Float64Array {
  const sum = density.reduce((total, height) => total + height, 0);
  return density.map((height) => height / sum);
}
