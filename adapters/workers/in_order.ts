/** Several things under way at once, few enough for memory, and their results in order. */

/** Discussions in work at once: enough to keep workers busy while others are read. */
export const AHEAD_MAX = 64;

/**
 * Does something with every item, several at once, and gives the results in the order of the items. It takes no further
 * item while {@linkcode AHEAD_MAX} are under way or wait to be taken: memory does not grow with the number of items.
 *
 * @throws {Error} The first failure in the order of the items; no further item is taken.
 *
 * @example
 * ```ts
 * import { inOrder } from "./in_order.ts";
 * import assert from "node:assert/strict";
 *
 * const doubled = inOrder([1, 2, 3], (item) => Promise.resolve(2 * item));
 * assert.deepEqual(await Array.fromAsync(doubled), [2, 4, 6]);
 * ```
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = [];
  for await (const item of items) {
    const result = work(item);
    // A failure is reported when its result is taken.
    result.catch(() => {});
    underWay.push(result);
    if (underWay.length === AHEAD_MAX) yield await underWay.shift()!;
  }
  for (const result of underWay) yield await result;
}
