/** The scores of a choice's labels, from the logits of their tokens. */
import { chooseByScores, wantedTokens } from "../shared/choice.ts";
import type { ChoosePart, Row } from "../shared/row.ts";
import type { Logits } from "./forward.ts";

/** How many labels are continued in one step. */
const CONTINUATIONS_MAX = 16;

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
