/** Groups with equal rows, which a model of categories computes only once. */
import type { LinkRows } from "./cumulative_link.ts";
import { indexed, indexedRowsOf } from "./indexed.ts";

/** With fewer groups, each is computed alone: this takes little time. */
const GROUPS_MIN = 5000;

/** Groups are joined if at most this share of them remains. */
const REMAINING_MAX = 0.5;

/**
 * Joins groups with equal rows, in any order. Many groups are alike: comments of a discussion often have the same
 * predictors, and there are few categories.
 *
 * @param rows The rows of all groups.
 * @returns Rows in which one group stands for all groups that are like it, or the same rows if few are alike.
 */
export function joinAlike(rows: LinkRows): LinkRows {
  const { starts } = rows;
  const groups = starts.length - 1;
  if (groups < GROUPS_MIN) return rows;
  const kinds = indexedRowsOf([rows.category, ...rows.columns]);
  const keys = Array.from(
    { length: groups },
    (_, group) => kinds.slice(starts[group], starts[group + 1]).sort().join(),
  );
  const { indices, count, firsts } = indexed(keys);
  if (count > REMAINING_MAX * groups) return rows;
  const kept = Int32Array.from([...firsts].flatMap((group) => {
    const [from, to] = [starts[group]!, starts[group + 1]!];
    return Array.from({ length: to - from }, (_, place) => from + place);
  }));
  return {
    category: kept.map((row) => rows.category[row]!),
    categories: rows.categories,
    columns: rows.columns.map((column) => Float64Array.from(kept, (row) => column[row]!)),
    starts: ends(firsts.map((group) => starts[group + 1]! - starts[group]!)),
    alike: sortedBy(indices, count),
  };
}

/** The sums of the first 0, 1, 2 … counts. */
function ends(counts: Int32Array): Int32Array {
  const sums = new Int32Array(counts.length + 1);
  for (const [place, count] of counts.entries()) sums[place + 1] = sums[place]! + count;
  return sums;
}

/** The places of each index, sorted by index. */
function sortedBy(indices: Int32Array, count: number): NonNullable<LinkRows["alike"]> {
  const counts = new Int32Array(count);
  for (const index of indices) counts[index]!++;
  const starts = ends(counts);
  const next = starts.slice();
  const groups = new Int32Array(indices.length);
  for (const [place, index] of indices.entries()) groups[next[index]!++] = place;
  return { starts, groups };
}
