/** The distance between the distributions of two samples, which can differ even if their means are equal. */
import { openDraw } from "../../core/random/mod.ts";
import { type BootstrapOptions, clusterBootstrap, RESAMPLES } from "./cluster_bootstrap.ts";
import { affordable, drawsFor } from "./draw_counts.ts";
import { type Interval, LEVEL, notComputable, quantile } from "./distributions.ts";
import { isUnavailable, type Unavailable, unavailable } from "./unavailable.ts";

/** Values are assigned to the samples at random this many times, to find the distances that chance gives. */
export const ARRANGEMENTS = 999;

/**
 * All resamples together draw at most this many values, and so do all assignments. So large samples get fewer
 * of them, but at least {@linkcode DRAWS_MIN}.
 */
const DRAWN_MAX = 20_000_000;

const DRAWS_MIN = 200;

/** The distance between two samples, or between two corpora of discussions. */
export type DistributionDistance = Readonly<{
  /** The Wasserstein distance of order 1, in the unit of the values. */
  distance: number;
  /** An approximate interval from the bootstrap. It contains the distance, and its lower end is not below 0. */
  interval: Interval | Unavailable;
  /** The number of resamples that the interval comes from. 0 if there is no interval. */
  resamples: number;
  /** The distance that chance gives: the share `level` of all random assignments has at most this distance. */
  chance: number;
}>;

/**
 * The Wasserstein distance of order 1: how far the values of one sample must be moved, on average, to become
 * the other sample. It is the area between the two empirical distribution functions.
 *
 * The distance between two samples is too large on average, because even samples of the same population differ.
 * So the lower quantile of the resamples cannot be the lower end of the interval. The interval reaches up to
 * the upper quantile, and down by the same length. If chance gives a distance as large as this, it reaches down
 * to 0. The page docs/explanation/error_rates.md says how often such intervals contain the true distance.
 *
 * @param one One value for each independent unit, such as a discussion.
 * @param options The seed, the number of resamples, and the level of `interval` and `chance`. By default, the
 *   resamples have at most 20,000,000 values together, but there are at least 200 resamples. There are as many
 *   random assignments as resamples, but at most {@linkcode ARRANGEMENTS}.
 *
 * @example
 * ```ts
 * import { distributionDistance, isUnavailable } from "../mod.ts";
 * import assert from "node:assert/strict";
 *
 * const result = distributionDistance([0, 1, 3], [5, 6, 8], { seed: "42" });
 * assert(!isUnavailable(result));
 * assert.equal(result.distance, 5);
 * ```
 */
export function distributionDistance(
  one: readonly number[],
  other: readonly number[],
  options: BootstrapOptions,
): DistributionDistance | Unavailable {
  if (one.length === 0 || other.length === 0) return unavailable("a sample has no values");
  const wrong = notComputable([...one, ...other], "value");
  if (wrong !== undefined) return unavailable(wrong);
  const [first, second] = [one, other].map((sample) => sample.map((value) => [value]));
  const pool = pooled(first!, second!);
  return distanceBetween(pool, areaBetween(pool), options);
}

/** Two samples of units, such as discussions. Each unit has values. */
export type Pool = Readonly<{
  /** All different values, in ascending order. */
  steps: Float64Array;
  /** For each unit, the indices of its values in `steps`. The units of the first sample come first. */
  units: readonly (readonly number[])[];
  /** The number of units in the first sample. */
  firsts: number;
  /** The number of all values. */
  size: number;
}>;

/** Pools the values of two samples. */
export function pooled(
  one: readonly (readonly number[])[],
  other: readonly (readonly number[])[],
): Pool {
  const lists = [...one, ...other];
  const steps = Float64Array.from(new Set(lists.flat())).sort();
  const places = new Map([...steps].map((value, place) => [value, place]));
  const units = lists.map((list) => list.map((value) => places.get(value)!));
  return { steps, units, firsts: one.length, size: units.reduce((sum, { length }) => sum + length, 0) };
}

/** Computes a distance from units in the form of {@linkcode Pool.units}. */
export type DistanceOf = (units: Pool["units"]) => number;

/** A distance between the samples of a pool, with its interval and the distance that chance gives. */
export function distanceBetween(
  { units, firsts, size }: Pool,
  distanceOf: DistanceOf,
  { seed, level = LEVEL, resamples: wanted }: BootstrapOptions,
): DistributionDistance {
  const distance = distanceOf(units);
  const resamples = wanted === undefined
    ? affordable({ most: RESAMPLES, least: DRAWS_MIN }, size, DRAWN_MAX)
    : drawsFor(wanted, units.length);
  const bootstrapped = clusterBootstrap(
    units,
    distanceOf,
    { seed, level, resamples, comparesStrata: true },
    units.map((_, at) => at < firsts ? "first" : "second"),
  );
  const draw = openDraw(seed, "permutation");
  const distances = Float64Array.from(
    { length: Math.min(ARRANGEMENTS, resamples) },
    () => distanceOf(draw.sample(units, units.length)),
  ).sort();
  const chance = quantile(distances, level);
  return {
    distance,
    interval: isUnavailable(bootstrapped)
      ? bootstrapped
      : around({ distance, chance }, bootstrapped.interval),
    resamples: isUnavailable(bootstrapped) ? 0 : bootstrapped.resamples,
    chance,
  };
}

/**
 * The interval of a distance. It reaches up to the resamples' upper quantile, and down by the same length, but
 * not below 0. If chance gives a distance as large as this, it reaches down to 0, so that it agrees with the
 * test by permutation.
 */
export function around(
  { distance, chance }: Readonly<{ distance: number; chance: number }>,
  { level, upper }: Interval,
): Interval {
  const reach = Math.max(0, upper - distance);
  const lower = distance <= chance ? 0 : Math.max(0, distance - reach);
  return { level, lower, upper: Math.max(distance, upper) };
}

/** The Wasserstein distance of order 1: the area between the two distribution functions. */
export function areaBetween(pool: Pool): DistanceOf {
  const gapsOf = gapsIn(pool);
  return (units) => gapsOf(units).area;
}

/** Kolmogorov and Smirnov's distance: the largest gap between the two distribution functions. */
export function largestGap(pool: Pool): DistanceOf {
  const gapsOf = gapsIn(pool);
  return (units) => gapsOf(units).largest;
}

/** The numbers of values in both samples. */
export function sizesOf(units: Pool["units"], firsts: number): readonly [first: number, second: number] {
  let [first, second] = [0, 0];
  for (let at = 0; at < units.length; at++) {
    if (at < firsts) first += units[at]!.length;
    else second += units[at]!.length;
  }
  return [first, second];
}

/** The largest gap between the two distribution functions, and the area between them. */
function gapsIn(
  { steps, firsts }: Pool,
): (units: Pool["units"]) => Readonly<{ largest: number; area: number }> {
  // How much the gap rises at each step. Whole numbers keep the sums free of rounding errors.
  const heights = new Float64Array(steps.length);
  return (units) => {
    const [first, second] = sizesOf(units, firsts);
    heights.fill(0);
    for (let at = 0; at < units.length; at++) {
      for (const place of units[at]!) heights[place]! += at < firsts ? second : -first;
    }
    let [height, largest, area] = [0, 0, 0];
    for (let place = 0; place + 1 < steps.length; place++) {
      height += heights[place]!;
      largest = Math.max(largest, Math.abs(height));
      area += Math.abs(height) * (steps[place + 1]! - steps[place]!);
    }
    return { largest: largest / (first * second), area: area / (first * second) };
  };
}
