/** One step of a model: new tokens of some rows go in, and the logits of the tokens after them come out. */
import { Tensor } from "npm:@huggingface/transformers@4.3.1";
import { type KeyValues, keyValuesOf } from "./key_values.ts";

/** Runs a model's graph, from its inputs to its outputs. Both have the names that the graph gives them. */
export type Forward = (inputs: Record<string, Tensor | KeyValues>) => Promise<Record<string, Tensor>>;

/** Logits of the computed positions: rows × positions × tokens of the vocabulary. */
export type Logits = Readonly<{ data: Float32Array; positions: number; tokens: number }>;

export type StepInput = Readonly<{
  /** The new tokens of each row: the same number for all rows. */
  ids: readonly (readonly number[])[];
  /** For each row, over past and new columns: 1 for a token of the row, 0 for an empty column. */
  masks: readonly (readonly number[])[];
  past: KeyValues | null;
  /** Whether to return the logits of all new positions, or only of the last. */
  all?: boolean;
}>;

export type StepOutput = Readonly<{ logits: Logits; keyValues: KeyValues }>;

/** Computes one step. */
export async function step(
  forward: Forward,
  { ids, masks, past, all = false }: StepInput,
): Promise<StepOutput> {
  const fresh = ids[0]!.length;
  const outputs = await forward({
    input_ids: integers(ids),
    attention_mask: integers(masks),
    position_ids: integers(masks.map((mask) => positionsOf(mask).slice(-fresh))),
    num_logits_to_keep: new Tensor("int64", [all ? 0n : 1n], []),
    ...(past === null ? {} : { past_key_values: past }),
  });
  const { logits } = outputs;
  const [, positions, tokens] = logits!.dims as [number, number, number];
  return {
    logits: { data: logits!.to("float32").data as Float32Array, positions, tokens },
    keyValues: keyValuesOf(outputs),
  };
}

function positionsOf(mask: readonly number[]): number[] {
  let position = -1;
  return mask.map((bit) => Math.max(0, position += bit));
}

function integers(rows: readonly (readonly number[])[]): Tensor {
  const data = new BigInt64Array(rows.length * rows[0]!.length);
  let end = 0;
  for (const row of rows) for (const value of row) data[end++] = BigInt(value);
  return new Tensor("int64", data, [rows.length, rows[0]!.length]);
}

/** The logits of each position of a row. */
export function logitsOfRow({ data, positions, tokens }: Logits, row: number): readonly Float32Array[] {
  return Array.from({ length: positions }, (_, position) => {
    const from = (row * positions + position) * tokens;
    return data.subarray(from, from + tokens);
  });
}

/** The logits of a row's last position. */
export function lastLogits(logits: Logits, row: number): Float32Array {
  return logitsOfRow(logits, row).at(-1)!;
}
