/** Measures the texts of discussions on all cores. */
import type { MeasureTexts, TextMeasures } from "../../analysis/mod.ts";
import type { Measured, ToMeasure } from "./text_worker.ts";

/** Most discussions to request at a time: enough to keep the workers busy. Requests wait in memory. */
export const AHEAD_MAX = 256;

/** Requests go to a worker together until they are this many, or have this many characters: a message costs time, too. */
const BATCH_REQUESTS = 16;
const BATCH_CHARS = 65_536;

/** Most workers by default. Each takes memory and time to start, and more workers do not read logs faster. */
const WORKERS_MAX = 8;

/** How many workers a pool has. */
export type TextPoolOptions = Readonly<{
  /**
   * How many workers, at least 1. Default: as many as there are cores, at most {@linkcode WORKERS_MAX}. The calling thread
   * gets no core for itself, because measuring long comments takes longer than reading them.
   */
  workers?: number;
}>;

type Waiting = Readonly<{ resolve: (measures: TextMeasures) => void; reject: (error: Error) => void }>;

type PoolWorker = Readonly<{ worker: Worker; waiting: Map<number, Waiting> }>;

/**
 * Workers that measure texts while the program does other work, such as reading the next discussion. They start when they
 * are needed, and end with the pool. Request at most {@linkcode AHEAD_MAX} discussions at a time.
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
  readonly #workersMax: number;
  readonly #workers: PoolWorker[] = [];
  /** Requests that were not sent yet, and the number of their characters. */
  readonly #batch: (Waiting & Readonly<{ comments: ToMeasure[number]["comments"] }>)[] = [];
  #batchChars = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;
  #broken: Error | null = null;

  /** Starts no worker yet. @throws {RangeError} When the number of workers is not a whole number of at least 1. */
  constructor(options: TextPoolOptions = {}) {
    const workers = options.workers ?? Math.min(navigator.hardwareConcurrency, WORKERS_MAX);
    if (!Number.isSafeInteger(workers) || workers < 1) {
      throw new RangeError(`Cannot start "${workers}" workers: expected a whole number of at least 1`);
    }
    this.#workersMax = workers;
  }

  /**
   * Calls `measureTexts` in the worker with the fewest waiting requests. Some requests go to a worker together.
   *
   * @throws {Error} When the texts cannot be measured, a worker has failed, or the pool is closed.
   */
  readonly measure: MeasureTexts = async (comments) => {
    if (this.#broken !== null) throw this.#broken;
    const chars = comments.reduce((sum, { text }) => sum + text.length, 0);
    const { promise, resolve, reject } = Promise.withResolvers<TextMeasures>();
    // Requests without a full batch go out when the calling thread waits.
    if (this.#batch.length === 0) this.#timer = setTimeout(() => this.#send());
    this.#batch.push({ comments, resolve, reject });
    this.#batchChars += chars;
    if (this.#batch.length >= BATCH_REQUESTS || this.#batchChars >= BATCH_CHARS) this.#send();
    return await promise;
  };

  /** Ends all workers. Waiting requests fail. */
  [Symbol.dispose](): void {
    this.#break(new Error("Cannot measure texts: the pool of workers is closed"));
  }

  #send(): void {
    clearTimeout(this.#timer);
    const { worker, waiting } = this.#idlest();
    const message = this.#batch.map(({ comments, resolve, reject }) => {
      const id = this.#asked++;
      waiting.set(id, { resolve, reject });
      return { id, comments };
    });
    this.#batch.length = 0;
    this.#batchChars = 0;
    worker.postMessage(message satisfies ToMeasure);
  }

  #idlest(): PoolWorker {
    let idlest: PoolWorker | undefined;
    for (const one of this.#workers) {
      if (idlest === undefined || one.waiting.size < idlest.waiting.size) idlest = one;
    }
    if (idlest !== undefined && (idlest.waiting.size === 0 || this.#workers.length === this.#workersMax)) {
      return idlest;
    }
    const started = this.#start();
    this.#workers.push(started);
    return started;
  }

  #start(): PoolWorker {
    // The worker has the program's permissions, although it needs none: Deno restricts workers only with an unstable flag.
    const worker = new Worker(new URL("./text_worker.ts", import.meta.url), { type: "module" });
    const waiting = new Map<number, Waiting>();
    worker.onmessage = ({ data }: MessageEvent<readonly Measured[]>) => {
      for (const measured of data) {
        const asked = waiting.get(measured.id);
        waiting.delete(measured.id);
        if ("measures" in measured) asked?.resolve(measured.measures);
        else asked?.reject(new Error(`Cannot measure texts: ${measured.failure}`));
      }
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#break(new Error(`Cannot measure texts: a worker failed: ${event.message}`));
    };
    return { worker, waiting };
  }

  #break(error: Error): void {
    this.#broken ??= error;
    for (const { worker, waiting } of this.#workers) {
      worker.terminate();
      for (const { reject } of waiting.values()) reject(this.#broken);
      waiting.clear();
    }
    this.#workers.length = 0;
    clearTimeout(this.#timer);
    for (const { reject } of this.#batch.splice(0)) reject(this.#broken);
    this.#batchChars = 0;
  }
}
