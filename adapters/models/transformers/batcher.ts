/** Collects the requests to a local model into batches, and has each batch answered. */
import { answerTogether, type Forward } from "./batch.ts";
import { PrefixCache } from "./prefix_cache.ts";
import type { Row } from "../shared/row.ts";

/**
 * How long a batch waits for more requests. Discussions that got their replies together ask again at about the same time.
 */
const GATHER_MS = 3;

/** A prompt joins a batch only if its length differs from the first prompt's by at most this factor, to limit padding. */
const LENGTH_RATIO_MAX = 1.5;

/** A difference of up to this many tokens is always allowed, because it costs little. */
const LENGTH_DIFFERENCE_MAX = 64;

/** The most prompt tokens in a batch of several prompts, padding included: the memory of a step grows with them. */
export const BATCH_TOKENS_MAX = 32_768;

type Waiting = Readonly<{ row: Row; resolve: () => void; reject: (error: unknown) => void }>;

export class Batcher {
  readonly #forward: Forward;
  readonly #rowsMax: number;
  readonly #cache: PrefixCache;
  readonly #queue: Waiting[] = [];
  #isWorking = false;

  constructor(forward: Forward, limits: Readonly<{ rows: number; prefixBytes: number }>) {
    this.#forward = forward;
    this.#rowsMax = limits.rows;
    this.#cache = new PrefixCache(limits.prefixBytes);
  }

  /** Answers a row, together with others. */
  answer(row: Row): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#queue.push({ row, resolve, reject });
    if (!this.#isWorking) void this.#work();
    return promise;
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    const freshTokens = ({ row: { input } }: Waiting) =>
      input.length - (this.#cache.find(input)?.columns ?? 0);
    while (this.#queue.length > 0) {
      await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
      const batch = takeBatch(this.#queue, this.#rowsMax, freshTokens);
      const rows = batch.map(({ row }) => row).filter(({ isOver }) => !isOver);
      try {
        if (rows.length > 0) await answerTogether(this.#forward, rows, this.#cache);
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#isWorking = false;
  }
}

/** Removes from a queue the requests to answer together: the first one, and later ones of similar length in tokens. */
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
