/**
 * Keys and values that attention has computed: tensors of rows × heads × columns × width, two for each layer. A
 * column belongs to one token of its row, or is empty.
 */
import { Tensor } from "npm:@huggingface/transformers@4.3.1";

/** The keys and values of one or more rows, by the names of the model's inputs. */
export type KeyValues = Readonly<Record<string, Tensor>>;

/** The columns of one row from `from` up to, but not including, `to`. */
export type Piece = Readonly<{ values: KeyValues; row: number; from: number; to: number }>;

type Numbers = Float32Array | Uint16Array;
type Dims = [rows: number, heads: number, columns: number, width: number];

const PLAIN = /^past_key_values\.\d+\.(?:key|value)$/;

/** The keys and values that one step of the model returns for the next step. */
export function keyValuesOf(outputs: Readonly<Record<string, Tensor>>): KeyValues {
  return Object.fromEntries(
    Object.entries(outputs).filter(([name]) => name.startsWith("present"))
      .map(([name, tensor]) => [name.replace("present", "past_key_values"), tensor]),
  );
}

/** Whether single columns can be copied. This needs plain attention, and tensors in main memory. */
export function areCuttable(values: KeyValues): boolean {
  const entries = Object.entries(values);
  return entries.length > 0 &&
    entries.every(([name, { dims, location }]) =>
      PLAIN.test(name) && dims.length === 4 && location === "cpu"
    );
}

export function columnsOf(values: KeyValues): number {
  return Object.values(values)[0]?.dims[2] ?? 0;
}

export function bytesOf(values: KeyValues): number {
  return Object.values(values).reduce((sum, { data }) => sum + (data as Numbers).byteLength, 0);
}

/** The number of columns in pieces. */
export function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { from, to }) => sum + to - from, 0);
}

/**
 * Copies pieces into new tensors. Each row gets its pieces, in order, in its last columns; its first columns stay
 * empty.
 */
export function pack(rows: readonly (readonly Piece[])[], columns: number): KeyValues {
  const example = rows.find((pieces) => pieces.length > 0)![0]!.values;
  const packed: Record<string, Tensor> = {};
  for (const [name, { data, dims, type }] of Object.entries(example)) {
    const [, heads, , width] = dims as Dims;
    const numbers = data.constructor as new (length: number) => Numbers;
    packed[name] = new Tensor(type, new numbers(rows.length * heads * columns * width), [
      rows.length,
      heads,
      columns,
      width,
    ]);
  }
  for (const [row, pieces] of rows.entries()) overwrite(packed, row, pieces);
  return packed;
}

/** Copies pieces into the last columns of a row. */
export function overwrite(target: KeyValues, row: number, pieces: readonly Piece[]): void {
  for (const [name, { data, dims }] of Object.entries(target)) {
    const [, heads, columns, width] = dims as Dims;
    for (let head = 0; head < heads; head++) {
      let end = ((row * heads + head + 1) * columns - lengthOf(pieces)) * width;
      for (const { values, row: from, from: first, to } of pieces) {
        const source = values[name]!;
        const start = (from * heads + head) * source.dims[2]!;
        const part = (source.data as Numbers).subarray((start + first) * width, (start + to) * width);
        (data as Numbers).set(part, end);
        end += part.length;
      }
    }
  }
}
