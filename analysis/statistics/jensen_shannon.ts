/** The Jensen–Shannon divergence, which measures how much the distributions of two samples differ. */
import { mean, sampleVariance } from "./distributions.ts";
import { isUnavailable, type Unavailable, unavailable } from "./unavailable.ts";

/** Kernels are cut at this many bandwidths from their centre, where they are below 1e-17 of their height. */
const REACH = 9;

/** A grid has at least this many points. It has more if a narrow kernel could lie between two points. */
const GRID_POINTS_MIN = 512;
const GRID_POINTS_PER_BANDWIDTH = 4;
const GRID_POINTS_MAX = 100_000;

/** The grid reaches this many bandwidths beyond the samples. */
const TAIL = 3;

/**
 * The Jensen–Shannon divergence between the distributions of two samples (Lin, "Divergence measures based on the Shannon
 * entropy", 1991), in bits. Gaussian kernels smooth both samples, and one grid covers both.
 *
 * Its square root is the distance that `scipy.spatial.distance.jensenshannon(p, q, base=2)` returns.
 *
 * @returns From 0 (equal) to 1 (nothing in common), or the reason why it cannot be computed.
 *
 * @example
 * ```ts
 * import { jensenShannon } from "./jensen_shannon.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(jensenShannon([1, 2, 3], [3, 2, 1]), 0);
 * assert.deepEqual(jensenShannon([1], [1, 2]), {
 *   unavailable: "first sample: a density needs at least two values",
 * });
 * ```
 */
export function jensenShannon(one: readonly number[], other: readonly number[]): number | Unavailable {
  const first = smoothing(one);
  if (isUnavailable(first)) return unavailable(`first sample: ${first.unavailable}`);
  const second = smoothing(other);
  if (isUnavailable(second)) return unavailable(`second sample: ${second.unavailable}`);
  const grid = gridOver([first, second]);
  if (isUnavailable(grid)) return grid;
  const p = shares(densityOn(first, grid));
  const q = shares(densityOn(second, grid));
  return divergenceOf(p, q);
}

/** The Jensen–Shannon divergence of two lists of shares, in bits. Each list sums to 1. */
export function divergenceOf(p: Float64Array, q: Float64Array): number {
  let bits = 0;
  for (const [at, share] of p.entries()) {
    const between = (share + q[at]!) / 2;
    bits += excess(share, between) + excess(q[at]!, between);
  }
  return Math.min(1, Math.max(0, bits / 2));
}

function excess(share: number, reference: number): number {
  return share === 0 ? 0 : share * Math.log2(share / reference);
}

function shares(density: Float64Array): Float64Array {
  const sum = density.reduce((total, height) => total + height, 0);
  return density.map((height) => height / sum);
}

/** A sample, and the kernels that smooth it. */
type Smoothing = Readonly<{
  /** The standard deviation of the kernels, in the sample's unit. */
  bandwidth: number;
  size: number;
  /** The distinct values in ascending order, and how often each occurs: each needs one kernel. */
  values: Float64Array;
  counts: Float64Array;
}>;

/**
 * Gaussian kernels with Scott's bandwidth, as in `scipy.stats.gaussian_kde`: the sample's standard deviation times
 * n^(−1/5) (Scott, "Multivariate density estimation", 1992).
 */
export function smoothing(values: readonly number[]): Smoothing | Unavailable {
  if (!values.every(Number.isFinite)) return unavailable("a value is not a finite number");
  if (values.length < 2) return unavailable("a density needs at least two values");
  const bandwidth = Math.sqrt(sampleVariance(values)) * values.length ** (-1 / 5);
  // Rounding can make the standard deviation of equal values slightly larger than 0.
  const isConstant = bandwidth <= Number.EPSILON * Math.abs(mean(values));
  if (isConstant) return unavailable("all values are equal, and a density needs some spread");
  const counts = new Map<number, number>();
  for (const value of Float64Array.from(values).sort()) counts.set(value, (counts.get(value) ?? 0) + 1);
  return {
    bandwidth,
    size: values.length,
    values: Float64Array.from(counts.keys()),
    counts: Float64Array.from(counts.values()),
  };
}

/** Equally spaced points that cover the samples and the tails of their kernels. */
function gridOver(samples: readonly Smoothing[]): Float64Array | Unavailable {
  const from = Math.min(...samples.map(({ values, bandwidth }) => values[0]! - TAIL * bandwidth));
  const to = Math.max(...samples.map(({ values, bandwidth }) => values.at(-1)! + TAIL * bandwidth));
  const narrowest = Math.min(...samples.map(({ bandwidth }) => bandwidth));
  const needed = Math.ceil(GRID_POINTS_PER_BANDWIDTH * (to - from) / narrowest);
  if (needed > GRID_POINTS_MAX) return unavailable("one sample is too narrow for a grid that covers both");
  const points = Math.max(GRID_POINTS_MIN, needed);
  return Float64Array.from({ length: points }, (_, at) => from + (to - from) * at / (points - 1));
}

/** The density at ascending points, per unit of the sample. */
export function densityOn({ bandwidth, size, values, counts }: Smoothing, grid: Float64Array): Float64Array {
  const height = 1 / (size * bandwidth * Math.sqrt(2 * Math.PI));
  let first = 0;
  return grid.map((point) => {
    while (first < values.length && values[first]! < point - REACH * bandwidth) first++;
    let sum = 0;
    for (let at = first; at < values.length && values[at]! <= point + REACH * bandwidth; at++) {
      sum += counts[at]! * Math.exp(-0.5 * ((point - values[at]!) / bandwidth) ** 2);
    }
    return sum * height;
  });
}
