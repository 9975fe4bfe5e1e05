/** The keys and values that attention has computed: tensors of rows × heads × columns × width, two for each layer. */
import { Tensor } from "@huggingface/transformers";

/** Keys and values of a batch, by the names of the model's inputs. */
export type KeyValues = Readonly<Record<string, Tensor>>;

/** Keys and values of one row, without padding. */
export type RowValues = Readonly<{
  parts: Readonly<Record<string, RowPart>>;
  /** How many tokens they are of. */
  columns: number;
  bytes: number;
}>;

/** A run of columns; the end is not part of it. */
export type Run = Readonly<{ from: number; to: number }>;

type Numbers = Float32Array | Uint16Array;
type RowPart = Readonly<{ type: Tensor["type"]; data: Numbers; heads: number; width: number }>;
type Dims = [rows: number, heads: number, columns: number, width: number];

const PLAIN = /^past_key_values\.\d+\.(?:key|value)$/;

/** What a step of the model leaves for the next one. */
export function keyValuesOf(outputs: Readonly<Record<string, Tensor>>): KeyValues {
  return Object.fromEntries(
    Object.entries(outputs).filter(([name]) => name.startsWith("present"))
      .map(([name, tensor]) => [name.replace("present", "past_key_values"), tensor]),
  );
}

/** Whether rows can be cut out: plain attention, and in the processor's own memory. */
export function areCuttable(batch: KeyValues): boolean {
  const entries = Object.entries(batch);
  return entries.length > 0 &&
    entries.every(([name, { dims, location }]) =>
      PLAIN.test(name) && dims.length === 4 && location === "cpu"
    );
}

/**
 * Cuts one row out.
 *
 * @param batch Keys and values of all rows.
 * @param row The row's index.
 * @param runs Its columns, in order.
 */
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

/** The first tokens of a row. */
export type Beginning = Readonly<{ row: RowValues; columns: number }>;

/**
 * Puts the beginnings of rows together, each at the right end of its row.
 *
 * @param beginnings One for each row; `null` for a row that has none.
 * @returns As many columns as the longest has; `null` when no row has any.
 */
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

/** Some rows of a batch, in the order in which they are named. */
export function pickRows(batch: KeyValues, rows: readonly number[]): KeyValues {
  return Object.fromEntries(
    Object.entries(batch).map(([name, { data, dims, type }]) => {
      const size = dims.slice(1).reduce((product, length) => product * length, 1);
      const picked = numbersLike(data as Numbers, rows.length * size);
      for (const [place, row] of rows.entries()) {
        picked.set((data as Numbers).subarray(row * size, (row + 1) * size), place * size);
      }
      return [name, new Tensor(type, picked, [rows.length, ...dims.slice(1)])];
    }),
  );
}

function numbersLike(example: Numbers, length: number): Numbers {
  return new (example.constructor as new (length: number) => Numbers)(length);
}
