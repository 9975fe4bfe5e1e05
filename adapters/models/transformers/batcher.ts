/**
 * Answers many requests at once. A request joins the others when its prompt is read, and leaves when its reply
 * ends.
 */
import type { Row } from "../shared/row.ts";
import { type Forward, lastLogits, step } from "./forward.ts";
import { Group, type ReadRow } from "./group.ts";
import { areCuttable, type KeyValues, pack } from "./key_values.ts";
import { PrefixCache } from "./prefix_cache.ts";

/** After each token of the replies in work, at most this many tokens of prompts are read. */
export const CHUNK_TOKENS = 256;

/**
 * Reading fewer tokens than this takes the same time, because all of the model's weights pass through the
 * processor.
 */
const CHUNK_COST_MIN = 32;

/**
 * The most tokens in work: the number of rows, times the tokens of the longest row. The memory of a step grows with
 * them.
 */
export const BATCH_TOKENS_MAX = 32_768;

export type BatcherLimits = Readonly<{
  /** The most rows in work. */
  rows: number;
  /** The memory for beginnings of prompts. */
  prefixBytes: number;
  /** Whether rows of different lengths can share a step. If not, each row has steps of its own. */
  areJoined: boolean;
}>;

type InWork = Readonly<{ row: Row; resolve: () => void; reject: (error: unknown) => void }>;

/** A row whose prompt is being read. */
type Reading = {
  readonly row: Row;
  readonly prompt: readonly number[];
  read: number;
  keyValues: KeyValues | null;
};

export class Batcher {
  readonly #forward: Forward;
  readonly #limits: BatcherLimits;
  readonly #cache: PrefixCache;
  readonly #waiting: InWork[] = [];
  readonly #inWork = new Map<Row, InWork>();
  /** The next row to read comes first. */
  readonly #reading: Reading[] = [];
  #groups: Group[] = [];
  #isWorking = false;

  constructor(forward: Forward, limits: BatcherLimits) {
    this.#forward = forward;
    this.#limits = limits;
    this.#cache = new PrefixCache(limits.prefixBytes);
  }

  /** Answers a row. The promise resolves when the row is over. */
  answer(row: Row): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ row, resolve, reject });
    if (!this.#isWorking) void this.#work();
    return promise;
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    while (this.#waiting.length > 0 || this.#inWork.size > 0) {
      this.#start();
      const read = await this.#read();
      await this.#join(read);
      for (const group of this.#groups) await this.#attempt(group.rows, () => group.write(), group);
      for (const { row, resolve } of this.#inWork.values()) {
        if (row.isOver) {
          this.#inWork.delete(row);
          resolve();
        }
      }
      this.#groups = this.#groups.filter(({ rows }) => rows.length > 0);
    }
    // Only prompts of aborted requests can be left. Their keys and values would stay in memory until the next request.
    this.#reading.length = 0;
    this.#isWorking = false;
  }

  /** Takes waiting rows into work, in order, as many as the limits allow. */
  #start(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const rows = [...this.#inWork.keys(), next.row].filter(({ isOver }) => !isOver);
      const longest = Math.max(...rows.map(({ setup }) => setup.prompt.length + setup.replyTokens));
      const isTooMuch = rows.length > this.#limits.rows || rows.length * longest > BATCH_TOKENS_MAX;
      if (isTooMuch && rows.length > 1) return;
      this.#waiting.shift();
      this.#inWork.set(next.row, next);
      this.#reading.push({ row: next.row, prompt: next.row.input.splice(0), read: 0, keyValues: null });
    }
  }

  /** Reads parts of the prompts, in turn. Returns the rows whose prompts have been read to the end. */
  async #read(): Promise<ReadRow[]> {
    const done: ReadRow[] = [];
    let left = CHUNK_TOKENS;
    while (left > 0 && this.#reading.length > 0) {
      const reading = this.#reading.shift()!;
      if (reading.row.isOver) continue;
      await this.#attempt([reading.row], async () => {
        const { logits, tokens } = await this.#readChunk(reading, left);
        left -= Math.max(CHUNK_COST_MIN, tokens);
        const { row, keyValues, read, prompt } = reading;
        if (read < prompt.length) this.#reading.push(reading);
        else done.push({ row, keyValues: keyValues!, tokens: read, logits });
      });
    }
    return done;
  }

  /**
   * Reads at most `most` tokens of a prompt. Tokens that are known from other prompts are not read again, and
   * `tokens` does not count them.
   */
  async #readChunk(
    reading: Reading,
    most: number,
  ): Promise<Readonly<{ logits: Float32Array; tokens: number }>> {
    const { prompt } = reading;
    const known = this.#cache.find(prompt);
    if (known !== null && known.columns > reading.read) {
      reading.keyValues = pack([known.pieces], known.columns);
      reading.read = known.columns;
    }
    const chunk = prompt.slice(reading.read, reading.read + most);
    reading.read += chunk.length;
    const { logits, keyValues } = await step(this.#forward, {
      ids: [chunk],
      masks: [new Array<number>(reading.read).fill(1)],
      past: reading.keyValues,
    });
    reading.keyValues = keyValues;
    if (areCuttable(keyValues)) this.#cache.keep(prompt.slice(0, reading.read), keyValues);
    return { logits: lastLogits(logits, 0), tokens: chunk.length };
  }

  async #join(read: readonly ReadRow[]): Promise<void> {
    if (read.length === 0) return;
    if (this.#limits.areJoined) {
      const group = this.#groups[0] ?? new Group(this.#forward, this.#fail);
      this.#groups = [group];
      await this.#attempt([...group.rows, ...read.map(({ row }) => row)], () => group.join(read), group);
      return;
    }
    for (const one of read) {
      const group = new Group(this.#forward, this.#fail);
      this.#groups.push(group);
      await this.#attempt([one.row], () => group.join([one]), group);
    }
  }

  /** Fails these rows if the work fails. */
  async #attempt(rows: readonly Row[], work: () => Promise<void>, group?: Group): Promise<void> {
    try {
      await work();
    } catch (error) {
      group?.clear();
      for (const row of rows.filter(({ isOver }) => !isOver)) this.#fail(row, error);
    }
  }

  readonly #fail = (row: Row, error: unknown): void => {
    row.aborted = true;
    this.#inWork.get(row)?.reject(error);
    this.#inWork.delete(row);
  };
}
