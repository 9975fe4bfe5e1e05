/** The energy distance between the vectors of two corpora, with a permutation test. */
import { openDraw } from "../../core/random/mod.ts";
import { ARRANGEMENTS } from "./distribution_distance.ts";
import { affordable } from "./draw_counts.ts";
import {
  checkLevel,
  criticalValue,
  type Interval,
  isComputable,
  LEVEL,
  mean,
  quantile,
} from "./distributions.ts";
import { type Unavailable, unavailable } from "./unavailable.ts";
import type { VectorDistances } from "./vector_distances.ts";

/** Each corpus needs at least this many discussions: with fewer, the interval would be too uncertain. */
const DISCUSSIONS_MIN = 5;

/** All permutations together add at most this many distances. */
const SUMS_MAX = 2_000_000_000;

const PERMUTATIONS_MIN = 199;

/** The energy distance between two corpora. */
export type EnergyDistance = Readonly<{
  /** The mean distance between a comment of one corpus and a comment of the other. */
  between: number;
  /**
   * The mean distance between comments of two discussions of the same corpus: for the first corpus, and for the
   * second.
   */
  within: readonly [first: number, second: number];
  /** 2 × `between`, minus both numbers in `within`. Equal distributions give 0 on average, so it can be below 0. */
  distance: number;
  /** Approximate, from the jackknife over discussions. Its lower end is not below 0. */
  interval: Interval;
  /** This share of random assignments of the discussions to the corpora (`level`) has at most this distance. */
  chance: number;
  /** The share of random assignments with at least this distance. */
  p: number;
  permutations: number;
  /** The numbers of discussions in both corpora. */
  sizes: readonly [first: number, second: number];
}>;

/** The options of an energy distance. */
export type EnergyOptions = Readonly<{
  /** Equal seeds give equal results. */
  seed: string;
  /** The level of interval and chance. Default 0.95. */
  level?: number;
  /** Default {@linkcode ARRANGEMENTS}, fewer for large corpora. */
  permutations?: number;
}>;

/**
 * The energy distance (Székely and Rizzo 2013) between the distributions of comments of two corpora. Each discussion has the
 * same weight. Comments of one discussion depend on each other, so only comments of different discussions are compared,
 * and the permutations exchange whole discussions. The estimator has no bias, whatever the numbers of comments are. The test
 * needs discussions with like numbers of comments in both corpora; draw comments of the longer ones first.
 *
 * @param one The discussions of the first corpus, by their places in `distances`.
 * @param other The discussions of the second corpus.
 * @throws RangeError when the level is not between 0 and 1.
 *
 * @example
 * ```ts
 * import { energyDistance, isUnavailable, vectorDistances } from "../mod.ts";
 * import assert from "node:assert/strict";
 *
 * const discussions = Array.from({ length: 12 }, (_, place) => [Float32Array.of(place < 6 ? 0 : 1, place % 2)]);
 * const distances = vectorDistances(discussions, { seed: "42" });
 * const result = energyDistance(distances, [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]], { seed: "42" });
 * assert(!isUnavailable(result));
 * assert(result.within.every((distance) => Math.abs(distance - 0.6) < 1e-12));
 * ```
 */
export function energyDistance(
  distances: VectorDistances,
  [one, other]: readonly [readonly number[], readonly number[]],
  { seed, level = LEVEL, permutations }: EnergyOptions,
): EnergyDistance | Unavailable {
  checkLevel(level);
  const sizes = [one.length, other.length] as const;
  if (Math.min(...sizes) < DISCUSSIONS_MIN) {
    return unavailable(`a corpus has fewer than ${DISCUSSIONS_MIN} discussions with vectors`);
  }
  const places = [...one, ...other];
  const n = places.length;
  const matrix = new Float64Array(n * n);
  for (let i = 1; i < n; i++) {
    for (let j = 0; j < i; j++) {
      matrix[i * n + j] = matrix[j * n + i] = distances.between(places[i]!, places[j]!);
    }
  }
  const rows = Float64Array.from({ length: n }, (_, i) => sumOf(matrix.subarray(i * n, (i + 1) * n)));
  const total = sumOf(rows) / 2;
  if (!isComputable(total)) return unavailable("an element of a vector is not finite or is too large");
  const observed = summed(matrix, { chosen: one.map((_, i) => i), rows, total });
  const found = energyOf(observed, sizes);
  // From the sum of distances within the smaller corpus, the other two sums can be computed.
  const smaller = Math.min(...sizes);
  const count = permutations ??
    affordable({ most: ARRANGEMENTS, least: PERMUTATIONS_MIN }, smaller * smaller, SUMS_MAX);
  const draw = openDraw(seed, "permutations");
  const all = places.map((_, i) => i);
  const arranged = Float64Array.from({ length: count }, () => {
    const sums = summed(matrix, { chosen: draw.sample(all, smaller), rows, total });
    return energyOf(smaller === sizes[0] ? sums : swapped(sums), sizes).distance;
  }).sort();
  const threshold = found.distance - ROUNDING * found.between;
  const beyond = arranged.filter((distance) => distance >= threshold).length;
  return {
    ...found,
    interval: jackknifed(found.distance, { matrix, rows, sums: observed, sizes, level }),
    chance: quantile(arranged, level),
    p: (beyond + 1) / (count + 1),
    permutations: count,
    sizes,
  };
}

/** Energy distances count as equal if they differ by less than this share of `between`, which is only rounding. */
const ROUNDING = 1e-11;

/** Sums of distances: within the first corpus, within the second, and between both. */
type Sums = Readonly<{ first: number; second: number; between: number }>;

type Summing = Readonly<{
  /** The discussions of the first corpus. */
  chosen: readonly number[];
  rows: Float64Array;
  total: number;
}>;

function summed(matrix: Float64Array, { chosen, rows, total }: Summing): Sums {
  const n = rows.length;
  let first = 0;
  let ofRows = 0;
  for (const [at, i] of chosen.entries()) {
    const row = i * n;
    ofRows += rows[i]!;
    for (let j = 0; j < at; j++) first += matrix[row + chosen[j]!]!;
  }
  const between = ofRows - 2 * first;
  return { first, second: total - first - between, between };
}

function swapped({ first, second, between }: Sums): Sums {
  return { first: second, second: first, between };
}

function energyOf(
  sums: Sums,
  [m, n]: readonly [number, number],
): Pick<EnergyDistance, "between" | "within" | "distance"> {
  const between = sums.between / (m * n);
  const within = [2 * sums.first / (m * (m - 1)), 2 * sums.second / (n * (n - 1))] as const;
  return { between, within, distance: 2 * between - within[0] - within[1] };
}

type Jackknifing = Readonly<{
  matrix: Float64Array;
  rows: Float64Array;
  sums: Sums;
  sizes: readonly [number, number];
  level: number;
}>;

/**
 * The interval by the jackknife, which leaves out each discussion once (Arvesen 1969). Both corpora's variances
 * are added.
 */
function jackknifed(distance: number, { matrix, rows, sums, sizes, level }: Jackknifing): Interval {
  const [m, n] = sizes;
  const all = m + n;
  const without = (i: number): number => {
    const isFirst = i < m;
    const toFirst = sumOf(matrix.subarray(i * all, i * all + m));
    const toSecond = rows[i]! - toFirst;
    return energyOf({
      first: sums.first - (isFirst ? toFirst : 0),
      second: sums.second - (isFirst ? 0 : toSecond),
      between: sums.between - (isFirst ? toSecond : toFirst),
    }, isFirst ? [m - 1, n] : [m, n - 1]).distance;
  };
  const varianceOf = (size: number, from: number): number => {
    const values = Float64Array.from({ length: size }, (_, i) => without(from + i));
    const center = mean(values);
    return values.reduce((sum, value) => sum + (value - center) ** 2, 0) * (size - 1) / size;
  };
  const deviation = Math.sqrt(varianceOf(m, 0) + varianceOf(n, m));
  const reach = criticalValue(level, Math.min(m, n) - 1) * deviation;
  return { level, lower: Math.max(0, distance - reach), upper: Math.max(0, distance + reach) };
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
