/** Names of groups and blocks as numbers. */
import { type Unavailable, unavailable } from "./unavailable.ts";

/**
 * Names as numbers: the index of each name in the list, the number of different names, and where each occurs
 * first.
 */
export type Indexed = Readonly<{ indices: Int32Array; count: number; firsts: Int32Array }>;

/** Numbers the names in the order of their first rows. */
export function indexed(names: ArrayLike<string | number>): Indexed {
  const known = new Map<string | number, number>();
  const firsts: number[] = [];
  const indices = new Int32Array(names.length);
  for (let row = 0; row < names.length; row++) {
    const name = names[row]!;
    // The rows of a group usually follow each other.
    if (row > 0 && name === names[row - 1]) {
      indices[row] = indices[row - 1]!;
      continue;
    }
    let index = known.get(name);
    if (index === undefined) {
      index = known.size;
      known.set(name, index);
      firsts.push(row);
    }
    indices[row] = index;
  }
  return { indices, count: firsts.length, firsts: Int32Array.from(firsts) };
}

/** Numbers the rows of some columns. Rows with equal values in all columns have the same number. */
export function indexedRowsOf(columns: readonly ArrayLike<number>[]): Int32Array {
  let kinds: Int32Array = new Int32Array(columns[0]?.length ?? 0);
  for (const column of columns) {
    const { indices, count } = indexed(column);
    const pairs = new Float64Array(kinds.length);
    for (let row = 0; row < pairs.length; row++) pairs[row] = kinds[row]! * count + indices[row]!;
    kinds = indexed(pairs).indices;
  }
  return kinds;
}

/** Lists of names → their numbers. Several models use the same rows. */
const INDEXED = new WeakMap<readonly string[], Indexed>();

/**
 * Numbers the names of the rows in use. A list whose rows are all in use is numbered only once.
 *
 * @param names One name for each row.
 * @param rows The indices of the rows in use, in ascending order.
 */
export function indexedRows(names: readonly string[], rows: readonly number[]): Indexed {
  if (rows.length < names.length) return indexed(rows.map((row) => names[row]!));
  const known = INDEXED.get(names) ?? indexed(names);
  INDEXED.set(names, known);
  return known;
}

/**
 * The block of each group.
 *
 * @param nameOf The name of the group of a row.
 */
export function blockOfEach(
  groups: Indexed,
  blocks: Indexed,
  nameOf: (row: number) => string,
): Int32Array | Unavailable {
  const blockOf = groups.firsts.map((row) => blocks.indices[row]!);
  const moved = groups.indices.findIndex((of, row) => blockOf[of] !== blocks.indices[row]);
  return moved === -1 ? blockOf : unavailable(`the group "${nameOf(moved)}" is in two blocks`);
}

/** The sums of the first 0, 1, 2 … counts. If parts of a list have these counts, it is where each part begins. */
export function startsOf(counts: Int32Array): Int32Array {
  const starts = new Int32Array(counts.length + 1);
  for (const [place, count] of counts.entries()) starts[place + 1] = starts[place]! + count;
  return starts;
}

/**
 * For each index, the places where it occurs, in ascending order. The places of the index `i` are those from
 * `starts[i]` to before `starts[i + 1]`.
 *
 * @param count The number of different indices.
 */
export function placesOf(indices: Int32Array, count: number): Places {
  const counts = new Int32Array(count);
  for (const index of indices) counts[index]!++;
  const starts = startsOf(counts);
  const next = starts.slice();
  const places = new Int32Array(indices.length);
  for (const [place, index] of indices.entries()) places[next[index]!++] = place;
  return { starts, places };
}

/** Lists of places, one after the other, and where each list begins. One more start is the number of all places. */
export type Places = Readonly<{ starts: Int32Array; places: Int32Array }>;
