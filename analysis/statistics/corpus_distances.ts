/** Distances between the distributions of a value in two corpora of discussions, such as the length of comments. */
import { openDraw } from "../../core/random/mod.ts";
import { type BootstrapOptions, clusterBootstrap, RESAMPLES } from "./cluster_bootstrap.ts";
import { affordableDraws, around, ARRANGEMENTS, gaps } from "./distribution_distance.ts";
import { drawsFor } from "./draw_counts.ts";
import { type Interval, LEVEL, notComputable, quantile } from "./distributions.ts";
import { divergenceOf } from "./jensen_shannon.ts";
import { isUnavailable, type Unavailable, unavailable } from "./unavailable.ts";

/** A distance between two corpora. */
export type CorpusDistance = Readonly<{
  distance: number;
  /** Approximate, from the bootstrap over discussions. It contains the distance, and its lower end is not below 0. */
  interval: Interval | Unavailable;
  /** The number of resamples that the interval comes from. 0 if there is no interval. */
  resamples: number;
  /** This share of random assignments of the discussions to the corpora (`level`) has at most this distance. */
  chance: number;
}>;

/** Three distances between the values of two corpora. */
export type CorpusDistances = Readonly<{
  /** Kolmogorov and Smirnov's distance: the largest gap between the two distribution functions, 0 to 1. */
  kolmogorovSmirnov: CorpusDistance;
  /** The Wasserstein distance of order 1, in the unit of the values. */
  wasserstein: CorpusDistance;
  /** The Jensen–Shannon divergence of the shares in the bins, in bits, 0 to 1. */
  jensenShannon: CorpusDistance | Unavailable;
}>;

/** A discussion: the indices of its values in the sorted list of all different values, and its corpus. */
type Unit = Readonly<{ places: readonly number[]; isFirst: boolean }>;

/**
 * Measures three distances between two corpora. Values of one discussion depend on each other, so the bootstrap
 * and the random assignments draw whole discussions. Each value has the same weight, so discussions with more
 * values count more.
 *
 * @param one The values of each discussion of the first corpus.
 * @param edges The inner edges of the bins of {@linkcode CorpusDistances.jensenShannon}, ascending. A value on an edge is in the bin
 *   above it.
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
  const all = [...one, ...other].flat();
  const wrong = notComputable(all, "value");
  if (wrong !== undefined) return unavailable(wrong);
  const steps = Float64Array.from(new Set(all)).sort();
  const places = new Map([...steps].map((value, place) => [value, place]));
  const unitsOf = (lists: readonly (readonly number[])[], isFirst: boolean) =>
    lists.filter((list) => list.length > 0).map((list): Unit => ({
      places: list.map((value) => places.get(value)!),
      isFirst,
    }));
  const [first, second] = [unitsOf(one, true), unitsOf(other, false)];
  if (first.length === 0 || second.length === 0) return unavailable("a corpus has no values");
  const bins = Array.from(steps, (value) => edges.filter((edge) => edge <= value).length);
  const resamples = drawsFor(
    options.resamples ?? affordableDraws(RESAMPLES, all.length),
    first.length + second.length,
  );
  const measured = (distanceOf: (sample: readonly Unit[]) => number) =>
    distanceBetween([first, second], distanceOf, { ...options, resamples });
  return {
    kolmogorovSmirnov: measured((sample) => gapsIn(sample, steps).largest),
    wasserstein: measured((sample) => gapsIn(sample, steps).area),
    jensenShannon: edges.length === 0
      ? unavailable("all values are equal")
      : measured((sample) => divergence(sample, bins, edges.length + 1)),
  };
}

function distanceBetween(
  [first, second]: readonly [readonly Unit[], readonly Unit[]],
  distanceOf: (sample: readonly Unit[]) => number,
  { seed, resamples, level = LEVEL }: BootstrapOptions & Readonly<{ resamples: number }>,
): CorpusDistance {
  const units = [...first, ...second];
  const distance = distanceOf(units);
  const bootstrapped = clusterBootstrap(
    units,
    distanceOf,
    { seed, level, resamples, comparesStrata: true },
    units.map(({ isFirst }) => isFirst ? "first" : "second"),
  );
  const draw = openDraw(seed, "permutation");
  const distances = Float64Array.from({ length: Math.min(ARRANGEMENTS, resamples) }, () =>
    distanceOf(
      draw.sample(units, units.length).map(({ places }, at) => ({ places, isFirst: at < first.length })),
    )).sort();
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

/** The largest gap between the distribution functions of both corpora, and the area between them. */
function gapsIn(sample: readonly Unit[], steps: Float64Array): ReturnType<typeof gaps> {
  const [firsts, seconds] = sizes(sample);
  const heights = new Float64Array(steps.length);
  for (const { places, isFirst } of sample) {
    for (const place of places) heights[place]! += isFirst ? seconds : -firsts;
  }
  const { largest, area } = gaps(heights, steps);
  return { largest: largest / (firsts * seconds), area: area / (firsts * seconds) };
}

/**
 * The Jensen–Shannon divergence of the shares in the bins.
 *
 * @param bins The bin of each different value.
 */
function divergence(sample: readonly Unit[], bins: readonly number[], count: number): number {
  const [firsts, seconds] = sizes(sample);
  const [first, second] = [new Float64Array(count), new Float64Array(count)];
  for (const { places, isFirst } of sample) {
    for (const place of places) (isFirst ? first : second)[bins[place]!]!++;
  }
  return divergenceOf(first.map((size) => size / firsts), second.map((size) => size / seconds));
}

function sizes(sample: readonly Unit[]): readonly [firsts: number, seconds: number] {
  let [firsts, seconds] = [0, 0];
  for (const { places, isFirst } of sample) {
    if (isFirst) firsts += places.length;
    else seconds += places.length;
  }
  return [firsts, seconds];
}
