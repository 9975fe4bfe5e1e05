/** Measures the texts of discussions on all cores. */
import type { MeasureTexts, SpokenText, TextMeasures } from "../../analysis/mod.ts";
import type { Measured, ToMeasure } from "./text_worker.ts";
import { type PoolOptions, WorkerPool } from "./worker_pool.ts";

/**
 * The most discussions to request at a time. This is enough to keep the workers busy; more would only wait in memory.
 */
export const AHEAD_MAX = 256;

/** A message to a worker has at most this many requests, or about this many characters. Each message costs time. */
const BATCH_REQUESTS = 16;
const BATCH_CHARS = 65_536;

/** Requests that go to a worker together. */
type Batch = Readonly<{
  discussions: (readonly SpokenText[])[];
  answer: Promise<readonly Measured[]>;
  send: () => void;
}>;

/**
 * Workers that measure texts while the program does other work, such as reading the next discussion. They start
 * when they are needed, and end with the pool. Request at most {@linkcode AHEAD_MAX} discussions at a time.
 *
 * @example
 * ```ts
 * import { TextPool } from "./text_pool.ts";
 * import assert from "node:assert/strict";
 *
 * using pool = new TextPool({ workers: 1 });
 * const said = ["Buses are late", "buses are late"].map((text) => ({ by: "participant", text }) as const);
 * const { participants } = await pool.measure(said);
 * assert.deepEqual(participants, { diversity: 0, wordsCompared: null, distinct2: 1 / 2 });
 * ```
 */
export class TextPool implements Disposable {
  readonly #pool: WorkerPool<ToMeasure, readonly Measured[]>;
  /** The requests that were not sent yet, and the number of their characters. */
  #batch: Batch | null = null;
  #batchChars = 0;

  /**
   * Starts no worker yet.
   *
   * @throws {RangeError} When the number of workers is not a whole number of at least 1.
   */
  constructor(options: PoolOptions = {}) {
    const module = new URL("./text_worker.ts", import.meta.url);
    this.#pool = new WorkerPool({ module, task: "measure texts" }, options);
  }

  /**
   * Calls `measureTexts` in the worker with the fewest waiting requests. Some requests go to a worker together.
   *
   * @throws {Error} When the texts cannot be measured, a worker has failed, or the pool is closed.
   */
  readonly measure: MeasureTexts = async (comments): Promise<TextMeasures> => {
    const { discussions, answer, send } = this.#batch ??= this.#opened();
    const place = discussions.push(comments) - 1;
    this.#batchChars += comments.reduce((sum, { text }) => sum + text.length, 0);
    if (discussions.length >= BATCH_REQUESTS || this.#batchChars >= BATCH_CHARS) send();
    const measured = (await answer)[place]!;
    if ("failure" in measured) throw new Error(`Cannot measure texts: ${measured.failure}`);
    return measured.measures;
  };

  /** Ends all workers. Waiting requests fail. */
  [Symbol.dispose](): void {
    this.#pool[Symbol.dispose]();
    this.#batch?.send();
  }

  #opened(): Batch {
    const discussions: (readonly SpokenText[])[] = [];
    const { promise: answer, resolve } = Promise.withResolvers<readonly Measured[]>();
    const send = () => {
      clearTimeout(timer);
      this.#batch = null;
      this.#batchChars = 0;
      resolve(this.#pool.ask(discussions));
    };
    // A batch that does not fill up is sent when the calling thread waits for something.
    const timer = setTimeout(send);
    return { discussions, answer, send };
  }
}
