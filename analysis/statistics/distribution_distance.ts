/** The distance between the distributions of two samples, which can differ even if their means are equal. */
import { openDraw } from "../../core/random/mod.ts";
import { type BootstrapOptions, clusterBootstrap, RESAMPLES } from "./cluster_bootstrap.ts";
import { affordable } from "./draw_counts.ts";
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

/**
 * The number of resamples or assignments of this many values.
 *
 * @param most The number for small samples.
 */
export function affordableDraws(most: number, values: number): number {
  return affordable({ most, least: DRAWS_MIN }, values, DRAWN_MAX);
}

/** The distance between two samples. */
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
 * @param options The seed, the number of resamples, and the level of `interval` and `chance`.
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
  const steps = Float64Array.from(new Set([...one, ...other])).sort();
  const places = new Map([...steps].map((value, place) => [value, place]));
  const units = [
    ...one.map((value): Unit => ({ place: places.get(value)!, first: true })),
    ...other.map((value): Unit => ({ place: places.get(value)!, first: false })),
  ];
  const distanceOf = (sample: readonly Unit[]) => areaBetween(sample, steps, one.length);
  const distance = distanceOf(units);
  const resamples = options.resamples ?? affordableDraws(RESAMPLES, units.length);
  const bootstrapped = clusterBootstrap(
    units,
    distanceOf,
    { ...options, resamples, comparesStrata: true },
    units.map(({ first }) => first ? "first" : "second"),
  );
  const draw = openDraw(options.seed, "permutation");
  const distances = Float64Array.from({ length: affordableDraws(ARRANGEMENTS, units.length) }, () => {
    const shuffled = draw.sample(units, units.length);
    return distanceOf(shuffled.map(({ place }, at) => ({ place, first: at < one.length })));
  }).sort();
  const chance = quantile(distances, options.level ?? LEVEL);
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

type Unit = Readonly<{ place: number; first: boolean }>;

/**
 * The area between the distribution functions of both samples. Heights are whole numbers, so their sums are
 * exact.
 */
function areaBetween(sample: readonly Unit[], steps: Float64Array, firsts: number): number {
  const seconds = sample.length - firsts;
  const heights = new Float64Array(steps.length);
  for (const { place, first } of sample) heights[place]! += first ? seconds : -firsts;
  return gaps(heights, steps).area / (firsts * seconds);
}

/**
 * The largest gap between two distribution functions, and the area between them.
 *
 * @param heights How much the gap rises at each step. The results have the unit of the heights, and the area
 *   also the unit of the steps. Whole numbers keep the sums free of rounding errors.
 * @param steps The different values of both samples, in ascending order.
 */
export function gaps(
  heights: Float64Array,
  steps: Float64Array,
): Readonly<{ largest: number; area: number }> {
  let [height, largest, area] = [0, 0, 0];
  for (let place = 0; place + 1 < steps.length; place++) {
    height += heights[place]!;
    largest = Math.max(largest, Math.abs(height));
    area += Math.abs(height) * (steps[place + 1]! - steps[place]!);
  }
  return { largest, area };
}
