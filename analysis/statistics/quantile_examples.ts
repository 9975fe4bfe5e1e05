/** Chooses examples: the discussions at the minimum, the quartiles and the maximum of a measure. */

export type ExamplePlace = "minimum" | "first quartile" | "median" | "third quartile" | "maximum";

/**
 * The places of examples, the most informative first. If a discussion is at several places, it gets the first
 * of them.
 */
const PLACES: readonly (readonly [ExamplePlace, number])[] = [
  ["minimum", 0],
  ["maximum", 1],
  ["median", 0.5],
  ["first quartile", 0.25],
  ["third quartile", 0.75],
];

export type Valued = Readonly<{ run: string; discussion: string; value: number }>;

/**
 * Chooses the discussions whose ranks are nearest to the minimum, the quartiles and the maximum of a measure.
 * Discussions with equal values are ranked by the names of their run and of the discussion.
 *
 * @example
 * ```ts
 * import { quantileExamples } from "./quantile_examples.ts";
 * import assert from "node:assert/strict";
 *
 * const held = [3, 1, 2].map((value) => ({ run: "pilot", discussion: `d${value}`, value }));
 * assert.deepEqual(quantileExamples(held).map(({ discussion, place }) => [discussion, place]), [
 *   ["d1", "minimum"],
 *   ["d2", "median"],
 *   ["d3", "maximum"],
 * ]);
 * ```
 */
export function quantileExamples<T extends Valued>(
  discussions: readonly T[],
): readonly (T & Readonly<{ place: ExamplePlace }>)[] {
  const sorted = discussions.toSorted((a, b) =>
    a.value - b.value || compare(a.run, b.run) || compare(a.discussion, b.discussion)
  );
  const chosen = new Map<number, ExamplePlace>();
  for (const [place, quantile] of PLACES) {
    const rank = Math.round(quantile * (sorted.length - 1));
    if (sorted.length > 0 && !chosen.has(rank)) chosen.set(rank, place);
  }
  return [...chosen].sort(([a], [b]) => a - b).map(([rank, place]) => ({ ...sorted[rank]!, place }));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
