/** Answering several requests together: the loop from prompts to replies. */
import { Tensor } from "@huggingface/transformers";
import { chooseAnswer } from "./answers.ts";
import {
  areCuttable,
  type Beginning,
  cutRow,
  joinRows,
  type KeyValues,
  keyValuesOf,
  pickRows,
} from "./key_values.ts";
import type { Logits } from "./logits.ts";
import type { PrefixCache } from "./prefix_cache.ts";
import type { Row } from "./row.ts";

/** One step of a model: everything that its graph takes and gives. */
export type Forward = (inputs: Record<string, Tensor | KeyValues>) => Promise<Record<string, Tensor>>;

/** A row's place in the batch: which columns hold tokens of it. */
type Lane = Readonly<{ row: Row; mask: number[] }>;

/**
 * Answers requests together. Rows that have ended leave; each row's result is what it would be alone.
 *
 * @param forward The model.
 * @param rows The requests; each tells its reply as soon as it has ended.
 * @param cache Where prompts are looked up and kept.
 */
export async function answerTogether(
  forward: Forward,
  rows: readonly Row[],
  cache: PrefixCache,
): Promise<void> {
  const beginnings = rows.map(({ setup }) => cache.find(setup.prompt));
  const past = joinRows(beginnings);
  const known = Math.max(...beginnings.map((beginning) => beginning?.columns ?? 0));
  const fresh = rows.map(({ setup }, index) => setup.prompt.slice(beginnings[index]?.columns ?? 0));
  const width = Math.max(...fresh.map(({ length }) => length));
  let lanes: Lane[] = rows.map((row, index) => ({
    row,
    mask: [...padded(beginnings[index]?.columns ?? 0, known), ...padded(fresh[index]!.length, width)],
  }));
  const ids = fresh.map((tokens) => [...new Array<number>(width - tokens.length).fill(0), ...tokens]);
  let outputs = await step(forward, { ids, masks: lanes.map(({ mask }) => mask), past });
  let keyValues = keyValuesOf(outputs);
  const cuttable = areCuttable(keyValues);
  if (cuttable) keepPrompts(keyValues, lanes, { cache, beginnings, known, fresh, width });
  let logits = logitsOf(outputs);
  for (;;) {
    for (const [index, { row, mask }] of lanes.entries()) {
      if (row.isOver || row.choice === null) continue;
      await chooseAnswer(row, lastLogits(logits, index), (ids) => {
        return continued(forward, ids, { past: pickRows(keyValues, ids.map(() => index)), mask });
      });
    }
    const next = lanes.map(({ row }, index) => row.isOver ? 0 : row.take(lastLogits(logits, index)));
    const going = lanes.flatMap(({ row }, index) => row.isOver ? [] : [index]);
    if (going.length === 0) return;
    let current = next;
    // Copying rows costs about a step: only when it halves what is left to do.
    if (cuttable && going.length * 2 <= lanes.length) {
      keyValues = pickRows(keyValues, going);
      lanes = going.map((index) => lanes[index]!);
      current = going.map((index) => next[index]!);
    }
    for (const { mask } of lanes) mask.push(1);
    outputs = await step(forward, {
      ids: current.map((token) => [token]),
      masks: lanes.map(({ mask }) => mask),
      past: keyValues,
    });
    keyValues = keyValuesOf(outputs);
    logits = logitsOf(outputs);
  }
}

type Step = Readonly<{
  /** The new tokens of each row, all of them equally long. */
  ids: readonly (readonly number[])[];
  /** For each row, 1 for each column that holds a token and 0 for padding: what is past, and what is new. */
  masks: readonly (readonly number[])[];
  past: KeyValues | null;
  /** Whether logits are wanted for all new positions, or for the last alone. */
  all?: boolean;
}>;

function step(forward: Forward, { ids, masks, past, all = false }: Step): Promise<Record<string, Tensor>> {
  const fresh = ids[0]!.length;
  const positions = masks.map((mask) => {
    let position = -1;
    return mask.map((bit) => Math.max(0, position += bit)).slice(-fresh);
  });
  return forward({
    input_ids: integers(ids),
    attention_mask: integers(masks),
    position_ids: integers(positions),
    num_logits_to_keep: new Tensor("int64", [all ? 0n : 1n], []),
    ...(past === null ? {} : { past_key_values: past }),
  });
}

/** The logits of several continuations of one row. */
async function continued(
  forward: Forward,
  ids: readonly (readonly number[])[],
  { past, mask }: { past: KeyValues; mask: readonly number[] },
): Promise<Logits> {
  const masks = ids.map((tokens) => [...mask, ...tokens.map(() => 1)]);
  return logitsOf(await step(forward, { ids, masks, past, all: true }));
}

function keepPrompts(
  keyValues: KeyValues,
  lanes: readonly Lane[],
  { cache, beginnings, known, fresh, width }: Readonly<{
    cache: PrefixCache;
    beginnings: readonly (Beginning | null)[];
    known: number;
    fresh: readonly (readonly number[])[];
    width: number;
  }>,
): void {
  for (const [index, { row }] of lanes.entries()) {
    const { prompt } = row.setup;
    if (!cache.lacks(prompt)) continue;
    const from = known - (beginnings[index]?.columns ?? 0);
    const runs = [{ from, to: known }, { from: known + width - fresh[index]!.length, to: known + width }];
    cache.keep(prompt, cutRow(keyValues, index, runs));
  }
}

function padded(length: number, width: number): number[] {
  return Array.from({ length: width }, (_, column) => column < width - length ? 0 : 1);
}

function integers(rows: readonly (readonly number[])[]): Tensor {
  const data = new BigInt64Array(rows.length * rows[0]!.length);
  let end = 0;
  for (const row of rows) for (const value of row) data[end++] = BigInt(value);
  return new Tensor("int64", data, [rows.length, rows[0]!.length]);
}

function logitsOf({ logits }: Record<string, Tensor>): Logits {
  const [, positions, tokens] = logits!.dims as [number, number, number];
  return { data: logits!.to("float32").data as Float32Array, positions, tokens };
}

function lastLogits({ data, positions, tokens }: Logits, row: number): Float32Array {
  const end = (row + 1) * positions * tokens;
  return data.subarray(end - tokens, end);
}
