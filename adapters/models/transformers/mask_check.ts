/** Checks whether a model reads masks, so that rows of different lengths can share its steps. */
import { type Forward, lastLogits, step } from "./forward.ts";
import { areCuttable, pack } from "./key_values.ts";

/** How many tokens a row of the check has. */
const TOKENS = 8;

/**
 * If empty columns change the logits by at most this share, the model reads masks. Measured changes: 0 with models
 * that read masks, in fp32, q8 and q4; 0.99 and 1.5 with exports of a real model that do not read them; and 0.18
 * with a model of random weights and two layers that does not read them.
 */
const CHANGE_MAX = 0.05;

/**
 * Whether a row's logits stay the same if the row gets empty columns. Some exports only count the ones of a mask,
 * and would read the wrong columns. Returns `false` if keys and values cannot be copied.
 *
 * @param tokens Some tokens of the model, at least two.
 */
export async function readsMasks(forward: Forward, tokens: readonly number[]): Promise<boolean> {
  const own = Array.from({ length: TOKENS }, (_, index) => tokens[index % tokens.length]!);
  const other = own.toReversed();
  const ones = new Array<number>(TOKENS).fill(1);
  const [first, second] = [
    await step(forward, { ids: [own], masks: [ones], past: null }),
    await step(forward, { ids: [other], masks: [ones], past: null }),
  ];
  if (!areCuttable(first.keyValues)) return false;
  const ids = [own[0]!];
  const alone = await step(forward, { ids: [ids], masks: [[...ones, 1]], past: first.keyValues });
  const piece = { values: first.keyValues, row: 0, from: 0, to: TOKENS };
  const wrong = { ...piece, values: second.keyValues };
  const mask = [...ones.map(() => 0), ...ones, 1];
  const together = await step(forward, {
    ids: [ids, ids],
    masks: [mask, mask],
    past: pack([[wrong, piece], [wrong, piece]], 2 * TOKENS),
  }).catch(() => null);
  if (together === null) return false;
  return relativeChange(lastLogits(alone.logits, 0), lastLogits(together.logits, 0)) <= CHANGE_MAX;
}

/** The root mean square of the differences, divided by the standard deviation of the first list. */
function relativeChange(before: Float32Array, after: Float32Array): number {
  const mean = before.reduce((sum, value) => sum + value, 0) / before.length;
  const spread = before.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const change = before.reduce((sum, value, index) => sum + (value - after[index]!) ** 2, 0);
  return Math.sqrt(change / spread);
}
