/** A permutation test of a factor or an interaction, in a model that can have other factors and blocks. */
import { openDraw } from "../../core/random/mod.ts";
import { drawsFor } from "./draw_counts.ts";
import { singularDesign } from "./grouped_design.ts";
import { indexed, placesOf } from "./indexed.ts";
import { dot, lengthOf, orthonormalise, withoutMeans } from "./linear_algebra.ts";
import { type ModelData, modelMatrix } from "./model_matrix.ts";
import { PERMUTATION_COUNT, type PermutationOptions } from "./permutation.ts";
import { isUnavailable, type Unavailable, unavailable } from "./unavailable.ts";

/** Statistics count as equal if they differ by less than this share. */
const ROUNDING = 1e-10;

/** The result of a permutation test of a term. */
export type FactorialPermutation = Readonly<{
  /** F of the term, in the model with all other terms and the blocks. */
  statistic: number;
  /** The number of coefficients of the term. */
  coefficients: number;
  /** The share of arrangements with an F at least as large as observed. The observed arrangement counts, too. */
  p: number;
  /** Whether the test computed all arrangements. */
  exact: boolean;
  /**
   * If `exact`, the number of all arrangements. Otherwise, the number of drawn arrangements, without the
   * observed one.
   */
  arrangements: number;
  rows: number;
  missing: number;
  /** The number of blocks; 1 if the data have none. */
  blocks: number;
}>;

/**
 * Tests a term of a linear model of whole discussions, without assuming a distribution. The model is fitted
 * without the term, and its residuals are permuted within blocks (Freedman and Lane 1983; Winkler et al. 2014).
 *
 * With one factor in complete blocks, the test keeps its level exactly. With several factors, it keeps it
 * approximately. If there are at most as many arrangements as the test would draw, it computes all of them.
 *
 * @param data One row per discussion, usually with its replicate as its block. Rows that lack a value are excluded.
 * @param term The term to test, which must be one of the data's terms. If an interaction contains it, centre
 *   the interaction's other factors. The effect of the term is then the mean over their levels.
 * @throws RangeError when the data have no such term.
 *
 * @example
 * ```ts
 * import { isUnavailable, permuteFactorial } from "../mod.ts";
 * import assert from "node:assert/strict";
 *
 * const result = permuteFactorial({
 *   outcome: [1, 3, 2, 5, 4, 6, 3, 7, 1, 4],
 *   group: [..."abcdefghij"],
 *   block: ["p", "p", "q", "q", "r", "r", "s", "s", "t", "t"],
 *   predictors: { moderator: { values: [..."nynynynyny"], reference: "n" } },
 * }, ["moderator"], { seed: "42" });
 * assert(!isUnavailable(result));
 * // All five differences have the same sign: 2 of 32 arrangements.
 * assert.deepEqual([result.p, result.arrangements], [2 / 32, 32]);
 * ```
 */
export function permuteFactorial(
  data: ModelData,
  term: readonly string[],
  { seed, permutations: count = PERMUTATION_COUNT }: Omit<PermutationOptions, "exactMax">,
): FactorialPermutation | Unavailable {
  const matrix = modelMatrix(data);
  if (isUnavailable(matrix)) return matrix;
  const keyOf = (names: readonly string[]) => JSON.stringify([...names].sort());
  const wanted = keyOf(term);
  const tested = matrix.terms.find((one) => keyOf(one.term) === wanted);
  if (tested === undefined) {
    const known = matrix.terms.map((one) => one.term.join(":")).join(", ");
    throw new RangeError(`Cannot test "${term.join(":")}": expected one of the terms ${known}`);
  }
  const { rows } = matrix;
  // Without blocks, all rows form one block, and the block's mean is the intercept.
  const blocks = indexed(rows.map((row) => data.block?.[row] ?? ""));
  const others = [...matrix.names.keys()].filter((place) => place > 0 && !tested.places.includes(place));
  const places = [...others, ...tested.places];
  const free = rows.length - places.length - blocks.count;
  if (free < 1) {
    return unavailable(
      `${rows.length} rows are too few for ${places.length} coefficients and ${blocks.count} blocks`,
    );
  }
  const columns = places.map((place) => matrix.columns[place]!);
  const factored = orthonormalise(
    columns.map((column) => withoutMeans(column, blocks)),
    columns.map(lengthOf),
  );
  if (typeof factored === "number") return unavailable(singularDesign(matrix.names[places[factored]!]!));
  const [kept, ofTerm] = [factored.q.slice(0, others.length), factored.q.slice(others.length)];
  const outcome = withoutMeans(Float64Array.from(rows, (row) => data.outcome[row]!), blocks);
  const residuals = outcome.slice();
  for (const column of kept) {
    const share = dot(column, outcome);
    for (let row = 0; row < residuals.length; row++) residuals[row]! -= share * column[row]!;
  }
  const squares = dot(residuals, residuals);
  if (squares <= ROUNDING * ROUNDING * rows.reduce((sum, row) => sum + data.outcome[row]! ** 2, 0)) {
    return unavailable("the outcome does not vary beyond what the predictors determine");
  }
  const shareOf = (q: readonly Float64Array[], of: Float64Array) =>
    q.reduce((sum, column) => sum + dot(column, of) ** 2, 0);
  const statisticOf = (of: Float64Array): number => {
    const explained = shareOf(ofTerm, of);
    const left = Math.max(squares - shareOf(kept, of) - explained, ROUNDING * squares);
    return (explained / ofTerm.length) / (left / free);
  };
  const statistic = statisticOf(residuals);
  // The rows of each block, block after block.
  const { starts, places: order } = placesOf(blocks.indices, blocks.count);
  const partsOf = <List extends Readonly<{ subarray: (from: number, to: number) => List }>>(list: List) =>
    Array.from({ length: blocks.count }, (_, block) => list.subarray(starts[block]!, starts[block + 1]!));
  const members = partsOf(order);
  const moved = residuals.slice();
  let beyond = 0;
  const visit = () => {
    if (statisticOf(moved) >= statistic * (1 - ROUNDING)) beyond++;
  };
  const all = ordersOf(members);
  const permutations = drawsFor(count, rows.length);
  const exact = all <= permutations;
  if (exact) everyOrder(moved, members, visit);
  else {
    const draw = openDraw(seed, "permutations of residuals");
    const pool = Float64Array.from(order, (row) => residuals[row]!);
    const shuffled = pool.slice();
    const parts = partsOf(shuffled);
    for (let arrangement = 0; arrangement < permutations; arrangement++) {
      shuffled.set(pool);
      for (const part of parts) draw.sampleToFront(part, part.length);
      for (let at = 0; at < order.length; at++) moved[order[at]!] = shuffled[at]!;
      visit();
    }
  }
  return {
    statistic,
    coefficients: ofTerm.length,
    p: exact ? beyond / all : (beyond + 1) / (permutations + 1),
    exact,
    arrangements: exact ? all : permutations,
    rows: rows.length,
    missing: data.outcome.length - rows.length,
    blocks: blocks.count,
  };
}

/** The number of ways to order the members of each block. */
function ordersOf(members: readonly Int32Array[]): number {
  return members.reduce((all, of) => of.reduce((product, _, index) => product * (index + 1), all), 1);
}

/** Calls `visit` for each order of the values within blocks. The first is the original order. */
function everyOrder(values: Float64Array, members: readonly Int32Array[], visit: () => void): void {
  const swap = (one: number, other: number) => {
    [values[one], values[other]] = [values[other]!, values[one]!];
  };
  const from = (block: number, place: number): void => {
    const of = members[block];
    if (of === undefined) visit();
    else if (place === of.length) from(block + 1, 0);
    else {
      for (let other = place; other < of.length; other++) {
        swap(of[place]!, of[other]!);
        from(block, place + 1);
        swap(of[place]!, of[other]!);
      }
    }
  };
  from(0, 0);
}
