/** Requests that wait for their batch. */

/** Prompts in one batch differ by at most this factor, so that little is computed for padding … */
const LENGTH_RATIO_MAX = 1.5;

/** … or by this many tokens, which cost little anyway. */
const LENGTH_DIFFERENCE_MAX = 64;

/** Most tokens of prompts that one batch computes, padding included: the memory of a step grows with them. */
export const BATCH_TOKENS_MAX = 32_768;

/**
 * Takes requests out of a queue that can be answered together: the one that has waited longest, and those behind it
 * whose prompts are of similar length.
 *
 * @param queue The longest-waiting first; those that are taken are removed.
 * @param rowsMax Most requests.
 * @param lengthOf How many tokens have to be computed for one.
 */
export function takeBatch<T>(queue: T[], rowsMax: number, lengthOf: (waiting: T) => number): T[] {
  const [first] = queue;
  if (first === undefined) return [];
  const length = lengthOf(first);
  const taken: T[] = [];
  let longest = 0;
  for (const waiting of [...queue]) {
    const other = lengthOf(waiting);
    const [less, more] = other < length ? [other, length] : [length, other];
    if (more > less * LENGTH_RATIO_MAX && more - less > LENGTH_DIFFERENCE_MAX) continue;
    const widest = Math.max(longest, other);
    if (taken.length > 0 && widest * (taken.length + 1) > BATCH_TOKENS_MAX) continue;
    longest = widest;
    taken.push(waiting);
    queue.splice(queue.indexOf(waiting), 1);
    if (taken.length === rowsMax) break;
  }
  return taken;
}
