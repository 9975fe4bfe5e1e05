/**
 * Keys and values that attention has computed, and a cache of them for prompts with the same beginning. They are tensors
 * of rows × heads × columns × width, two for each layer. A column belongs to one token or to padding.
 */
import { Tensor } from "npm:@huggingface/transformers@4.3.1";

/** Beginnings with fewer tokens are not reused: copying them costs as much as computing them. */
const REUSED_TOKENS_MIN = 8;

/** The most prompts in the cache, so that a lookup stays fast. */
const PROMPTS_MAX = 2000;

type Entry = Readonly<{ tokens: readonly number[]; row: RowValues }>;

/** Keeps the most recently used prompts, within a limit of bytes. */
export class PrefixCache {
  readonly #bytesMax: number;
  /** The most recently used entry comes last. */
  readonly #entries = new Set<Entry>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The longest cached beginning of a prompt. It is never the whole prompt, because the last token must be computed. */
  find(tokens: readonly number[]): Beginning | null {
    let best: Entry | null = null;
    let columns = REUSED_TOKENS_MIN - 1;
    for (const entry of this.#entries) {
      const common = Math.min(commonLength(entry.tokens, tokens), tokens.length - 1);
      if (common > columns) [best, columns] = [entry, common];
    }
    if (best === null) return null;
    this.#touch(best);
    return { row: best.row, columns };
  }

  /** Whether a prompt is worth keeping: it is not too short, and no cached prompt begins with it. */
  lacks(tokens: readonly number[]): boolean {
    return this.#bytesMax > 0 && tokens.length >= REUSED_TOKENS_MIN &&
      this.#entries.values().every((entry) => commonLength(entry.tokens, tokens) < tokens.length);
  }

  /** Keeps a prompt. Drops its beginnings from the cache, and beyond the limits also the least recently used prompts. */
  keep(tokens: readonly number[], row: RowValues): void {
    if (row.bytes > this.#bytesMax) return;
    for (const entry of this.#entries) {
      if (commonLength(entry.tokens, tokens) === entry.tokens.length) this.#drop(entry);
    }
    this.#entries.add({ tokens, row });
    this.#bytes += row.bytes;
    for (const entry of this.#entries) {
      if (this.#bytes <= this.#bytesMax && this.#entries.size <= PROMPTS_MAX) break;
      this.#drop(entry);
    }
  }

  #touch(entry: Entry): void {
    this.#entries.delete(entry);
    this.#entries.add(entry);
  }

  #drop(entry: Entry): void {
    this.#entries.delete(entry);
    this.#bytes -= entry.row.bytes;
  }
}

function commonLength(a: readonly number[], b: readonly number[]): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a[length] === b[length]) length++;
  return length;
}

/** The keys and values of a batch, by the names of the model's inputs. */
export type KeyValues = Readonly<Record<string, Tensor>>;

/** The keys and values of one row, without padding. */
export type RowValues = Readonly<{
  parts: Readonly<Record<string, RowPart>>;
  columns: number;
  bytes: number;
}>;

/** A range of columns; `to` is exclusive. */
type Run = Readonly<{ from: number; to: number }>;

type Numbers = Float32Array | Uint16Array;
type RowPart = Readonly<{ type: Tensor["type"]; data: Numbers; heads: number; width: number }>;
type Dims = [rows: number, heads: number, columns: number, width: number];

const PLAIN = /^past_key_values\.\d+\.(?:key|value)$/;

/** The keys and values that one step of the model returns for the next step. */
export function keyValuesOf(outputs: Readonly<Record<string, Tensor>>): KeyValues {
  return Object.fromEntries(
    Object.entries(outputs).filter(([name]) => name.startsWith("present"))
      .map(([name, tensor]) => [name.replace("present", "past_key_values"), tensor]),
  );
}

/** Whether single rows can be copied. This needs plain attention, and tensors in main memory. */
export function areCuttable(batch: KeyValues): boolean {
  const entries = Object.entries(batch);
  return entries.length > 0 &&
    entries.every(([name, { dims, location }]) =>
      PLAIN.test(name) && dims.length === 4 && location === "cpu"
    );
}

export function cutRow(batch: KeyValues, row: number, runs: readonly Run[]): RowValues {
  const columns = runs.reduce((sum, { from, to }) => sum + to - from, 0);
  const parts: Record<string, RowPart> = {};
  let bytes = 0;
  for (const [name, { data, dims, type }] of Object.entries(batch)) {
    const [, heads, all, width] = dims as Dims;
    const part = numbersLike(data as Numbers, heads * columns * width);
    let end = 0;
    for (let head = 0; head < heads; head++) {
      const start = (row * heads + head) * all;
      for (const { from, to } of runs) {
        part.set((data as Numbers).subarray((start + from) * width, (start + to) * width), end);
        end += (to - from) * width;
      }
    }
    parts[name] = { type, data: part, heads, width };
    bytes += part.byteLength;
  }
  return { parts, columns, bytes };
}

/** The first columns of a row. */
export type Beginning = Readonly<{ row: RowValues; columns: number }>;

/** Joins the beginnings of rows into a batch, padded on the left; `null` if all are `null`. */
export function joinRows(beginnings: readonly (Beginning | null)[]): KeyValues | null {
  const columns = Math.max(...beginnings.map((beginning) => beginning?.columns ?? 0));
  const example = beginnings.find((beginning) => beginning !== null);
  if (columns === 0 || !example) return null;
  const batch: Record<string, Tensor> = {};
  for (const [name, { type, data, heads, width }] of Object.entries(example.row.parts)) {
    const joined = numbersLike(data, beginnings.length * heads * columns * width);
    for (const [row, beginning] of beginnings.entries()) {
      if (beginning === null) continue;
      const { row: source, columns: taken } = beginning;
      for (let head = 0; head < heads; head++) {
        const start = head * source.columns * width;
        const end = ((row * heads + head + 1) * columns - taken) * width;
        joined.set(source.parts[name]!.data.subarray(start, start + taken * width), end);
      }
    }
    batch[name] = new Tensor(type, joined, [beginnings.length, heads, columns, width]);
  }
  return batch;
}

/** Copies these rows of a batch, in this order. */
export function pickRows(batch: KeyValues, rows: readonly number[]): KeyValues {
  return Object.fromEntries(
    Object.entries(batch).map(([name, { data, dims, type }]) => {
      const size = dims.slice(1).reduce((product, length) => product * length, 1);
      const picked = numbersLike(data as Numbers, rows.length * size);
      for (const [index, row] of rows.entries()) {
        picked.set((data as Numbers).subarray(row * size, (row + 1) * size), index * size);
      }
      return [name, new Tensor(type, picked, [rows.length, ...dims.slice(1)])];
    }),
  );
}

function numbersLike(example: Numbers, length: number): Numbers {
  return new (example.constructor as new (length: number) => Numbers)(length);
}
