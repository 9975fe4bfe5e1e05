/** Groups with equal rows, which a model of categories computes only once. */
import type { LinkRows } from "./cumulative_link.ts";
import { indexed, indexedRowsOf, placesOf, startsOf } from "./indexed.ts";

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
    starts: startsOf(firsts.map((group) => starts[group + 1]! - starts[group]!)),
    alike: placesOf(indices, count),
  };
}
