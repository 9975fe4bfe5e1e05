/** Answers several requests together: the loop that turns their prompts into replies. */
import { Tensor } from "npm:@huggingface/transformers@4.3.1";
import {
  areCuttable,
  type Beginning,
  cutRow,
  joinRows,
  type KeyValues,
  keyValuesOf,
  pickRows,
  type PrefixCache,
} from "./prefix_cache.ts";
import { pickToken } from "./sampler.ts";
import { chooseByScores, wantedTokens } from "../shared/choice.ts";
import type { ChoosePart, Row } from "../shared/row.ts";

const CONTINUATIONS_MAX = 16;

/** Runs one step of a model: the inputs and outputs of its graph, by name. */
export type Forward = (inputs: Record<string, Tensor | KeyValues>) => Promise<Record<string, Tensor>>;

/** Logits of the computed positions: rows × positions × tokens of the vocabulary. */
export type Logits = Readonly<{ data: Float32Array; positions: number; tokens: number }>;

/** A row in the batch. Its mask has a 1 for each column with a token of the row, and a 0 for padding. */
type BatchRow = Readonly<{ row: Row; mask: number[] }>;

/** Answers requests together. Each row gets the same reply as alone, if the weights are in fp32, and reports it at its end. */
export async function answerTogether(
  forward: Forward,
  rows: readonly Row[],
  cache: PrefixCache,
): Promise<void> {
  const prompts = rows.map(({ input }) => input.splice(0));
  const beginnings = prompts.map((prompt) => cache.find(prompt));
  const past = joinRows(beginnings);
  const known = Math.max(...beginnings.map((beginning) => beginning?.columns ?? 0));
  const fresh = prompts.map((prompt, index) => prompt.slice(beginnings[index]?.columns ?? 0));
  const width = Math.max(...fresh.map(({ length }) => length));
  let active: BatchRow[] = rows.map((row, index) => ({
    row,
    mask: [...padded(beginnings[index]?.columns ?? 0, known), ...padded(fresh[index]!.length, width)],
  }));
  const ids = fresh.map((tokens) => [...new Array<number>(width - tokens.length).fill(0), ...tokens]);
  let outputs = await step(forward, { ids, masks: active.map(({ mask }) => mask), past });
  let keyValues = keyValuesOf(outputs);
  const cuttable = areCuttable(keyValues);
  if (cuttable) keepPrompts(keyValues, prompts, { cache, beginnings, known, fresh, width });
  let logits = logitsOf(outputs);
  for (;;) {
    for (const [index, { row, mask }] of active.entries()) {
      if (row.isOver || row.input.length > 0) continue;
      const last = lastLogits(logits, index);
      if (row.choice !== null) {
        await chooseAnswer(row, last, (ids) => {
          return continued(forward, ids, { past: pickRows(keyValues, ids.map(() => index)), mask });
        });
      } else row.take(pickToken(last, row.seen, row.setup.sampler, row.draw));
    }
    const next = active.map(({ row }) => row.isOver ? 0 : row.input.shift()!);
    const going = active.flatMap(({ row }, index) => row.isOver ? [] : [index]);
    if (going.length === 0) return;
    let current = next;
    // Copying the rows that are not over costs about one step, so it pays only if they are at most half of the batch.
    if (cuttable && going.length * 2 <= active.length) {
      keyValues = pickRows(keyValues, going);
      active = going.map((index) => active[index]!);
      current = going.map((index) => next[index]!);
    }
    for (const { mask } of active) mask.push(1);
    outputs = await step(forward, {
      ids: current.map((token) => [token]),
      masks: active.map(({ mask }) => mask),
      past: keyValues,
    });
    keyValues = keyValuesOf(outputs);
    logits = logitsOf(outputs);
  }
}

type Step = Readonly<{
  /** The new tokens of each row: the same number for all rows. */
  ids: readonly (readonly number[])[];
  /** One mask a row, over past and new columns. */
  masks: readonly (readonly number[])[];
  past: KeyValues | null;
  /** Whether to return the logits of all new positions, or only of the last. */
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
  prompts: readonly (readonly number[])[],
  { cache, beginnings, known, fresh, width }: Readonly<{
    cache: PrefixCache;
    beginnings: readonly (Beginning | null)[];
    known: number;
    fresh: readonly (readonly number[])[];
    width: number;
  }>,
): void {
  for (const [index, prompt] of prompts.entries()) {
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

/** Makes a row's next choice, unless the request was aborted. */
export async function chooseAnswer(
  row: Row,
  first: Float32Array,
  continueWith: (continuations: readonly (readonly number[])[]) => Promise<Logits>,
): Promise<void> {
  const scores = await labelScores(row.choice!, first, async (continuations) => {
    const logits = await continueWith(continuations);
    return row.isOver ? null : logits;
  });
  if (scores !== null) chooseByScores(row, scores);
}

/**
 * The log-probability that each label, and then a token of `followers` if there are any, comes next; `null` if the request
 * was aborted.
 */
async function labelScores(
  part: ChoosePart,
  first: Float32Array,
  continueWith: (continuations: readonly (readonly number[])[]) => Promise<Logits | null>,
): Promise<number[] | null> {
  const wanted = wantedTokens(part);
  const scores = wanted.map(([tokens]) => logShare(first, tokens!));
  const longer = wanted.flatMap(({ length }, index) => length > 1 ? [index] : []);
  for (let start = 0; start < longer.length; start += CONTINUATIONS_MAX) {
    const chunk = longer.slice(start, start + CONTINUATIONS_MAX);
    const width = Math.max(...chunk.map((index) => wanted[index]!.length)) - 1;
    const logits = await continueWith(chunk.map((index) => {
      const known = wanted[index]!.slice(0, -1).map(([token]) => token!);
      // Padding after a label does not change the logits before it.
      return [...known, ...new Array<number>(width - known.length).fill(0)];
    }));
    if (logits === null) return null;
    const { data, positions, tokens } = logits;
    for (const [row, index] of chunk.entries()) {
      for (const [position, next] of wanted[index]!.slice(1).entries()) {
        const from = (row * positions + position) * tokens;
        scores[index]! += logShare(data.subarray(from, from + tokens), next);
      }
    }
  }
  return scores;
}

/** The log-probability that the next token is one of the wanted tokens. */
function logShare(logits: Float32Array, wanted: readonly number[]): number {
  let largest = -Infinity;
  for (const logit of logits) if (logit > largest) largest = logit;
  let total = 0;
  for (const logit of logits) total += Math.exp(logit - largest);
  let share = 0;
  for (const token of wanted) share += Math.exp(logits[token]! - largest);
  // A single logit is used directly, because its exponential can underflow to zero.
  return (wanted.length === 1 ? logits[wanted[0]!]! - largest : Math.log(share)) - Math.log(total);
}
