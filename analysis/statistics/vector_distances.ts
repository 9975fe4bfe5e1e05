/** The distances between the vectors of discussions. */
import { openDraw } from "../../core/random/mod.ts";

/** All distances together take at most about this many multiplications. */
const PRODUCTS_MAX = 1_000_000_000;

/** The options of distances. */
export type VectorDistanceOptions = Readonly<{
  /** Equal seeds give equal results. */
  seed: string;
  /** The limit of multiplications. With a higher limit, more comments are drawn. Default: 1,000,000,000. */
  productsMax?: number;
}>;

/** The mean distances between the comments of discussions. */
export type VectorDistances = Readonly<{
  /** How many discussions there are. */
  count: number;
  /** The mean Euclidean distance between a comment of one discussion and a comment of another. */
  between: (one: number, other: number) => number;
  /** How many comments were compared. */
  comments: number;
}>;

/**
 * Computes the distance between any two discussions: the mean distance over all pairs of a comment of the one
 * and a comment of the other. If there are too many comments, some of each discussion are drawn at random, at
 * least one.
 *
 * @param discussions The vectors of each discussion's comments, at least one. All have the same number of elements.
 */
export function vectorDistances(
  discussions: readonly (readonly Float32Array[])[],
  { seed, productsMax = PRODUCTS_MAX }: VectorDistanceOptions,
): VectorDistances {
  const count = discussions.length;
  const dimension = discussions[0]?.[0]?.length ?? 1;
  const most = Math.max(1, Math.floor(Math.sqrt(2 * productsMax / dimension) / Math.max(1, count)));
  const draw = openDraw(seed, "comments");
  const drawn = discussions.map((vectors) => vectors.length <= most ? vectors : draw.sample(vectors, most));
  const distances = new Float64Array(count * (count - 1) / 2);
  for (let one = 1; one < count; one++) {
    for (let other = 0; other < one; other++) {
      let sum = 0;
      for (const a of drawn[one]!) for (const b of drawn[other]!) sum += distance(a, b);
      distances[placeOf(one, other)] = sum / drawn[one]!.length / drawn[other]!.length;
    }
  }
  return {
    count,
    between: (one, other) => distances[one > other ? placeOf(one, other) : placeOf(other, one)]!,
    comments: drawn.reduce((sum, { length }) => sum + length, 0),
  };
}

/** The index of the distance between two discussions. The discussion with the larger index comes first. */
function placeOf(larger: number, smaller: number): number {
  return larger * (larger - 1) / 2 + smaller;
}

function distance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) {
    const difference = a[at]! - b[at]!;
    sum += difference * difference;
  }
  return Math.sqrt(sum);
}
