/** Choices among labels, from the probabilities that a local model gives to their tokens. */
import type { ChoosePart, Row } from "./row.ts";

/** The most continuations that a model gets at once, because each needs memory for its logits. */
const CONTINUATIONS_MAX = 16;

/** For each continuation, the logits after each of its tokens. They are read before the next call. */
type ContinueWith<Result> = (continuations: readonly (readonly number[])[]) => Promise<Result>;

type Logits = readonly (readonly Float32Array[])[];

/**
 * Makes a row's next choice, unless the request was aborted. It reports the model's own probabilities, normalised
 * over the labels; sampling settings do not change them. It draws the choice at the request's temperature.
 *
 * @param first The logits of the next token.
 */
export async function chooseAnswer(
  row: Row,
  first: Float32Array,
  continueWith: ContinueWith<Logits>,
): Promise<void> {
  const part = row.choice!;
  const scores = await labelScores(part, first, async (continuations) => {
    const logits = await continueWith(continuations);
    return row.isOver ? null : logits;
  });
  if (scores === null) return;
  if (!Number.isFinite(Math.max(...scores))) {
    throw new RangeError("Cannot choose an answer: the model's probabilities are not numbers");
  }
  const labels = [...part.labels.keys()];
  const { temperature } = row.setup.sampler;
  const chance = row.draw.uniform();
  const drawn = temperature === 0 ? null : normalised(scores.map((score) => score / temperature));
  row.choose({
    answer: labels[drawn === null ? scores.indexOf(Math.max(...scores)) : indexAt(drawn, chance)]!,
    probabilities: Object.fromEntries(normalised(scores).map((share, index) => [labels[index]!, share])),
  });
}

/**
 * The natural logarithm of each label's probability to come next; `null` if the request was aborted. If there are
 * `followers`, one of them must come after the label.
 */
async function labelScores(
  { labels, followers }: ChoosePart,
  first: Float32Array,
  continueWith: ContinueWith<Logits | null>,
): Promise<number[] | null> {
  // The allowed tokens at each position of a label: its own tokens, and after them any follower.
  const wanted = [...labels.values()].map((tokens) => [
    ...tokens.map((token) => [token]),
    ...(followers === null ? [] : [followers]),
  ]);
  const scores = wanted.map(([tokens]) => logShare(first, tokens!));
  const longer = wanted.flatMap(({ length }, index) => length > 1 ? [index] : []);
  for (let start = 0; start < longer.length; start += CONTINUATIONS_MAX) {
    const chunk = longer.slice(start, start + CONTINUATIONS_MAX);
    const known = chunk.map((index) => wanted[index]!.slice(0, -1).map(([token]) => token!));
    const answered = await continueWith(known);
    if (answered === null) return null;
    for (const [row, logits] of answered.entries()) {
      const next = wanted[chunk[row]!]!.slice(1);
      for (const [position, tokens] of next.entries()) {
        scores[chunk[row]!]! += logShare(logits[position]!, tokens);
      }
    }
  }
  return scores;
}

/** The natural logarithm of the probability that the next token is one of the wanted tokens. */
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

/** Turns logarithms of weights into probabilities that sum to one. */
function normalised(scores: readonly number[]): number[] {
  const largest = Math.max(...scores);
  const shares = scores.map((score) => Math.exp(score - largest));
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / total);
}

function indexAt(shares: readonly number[], chance: number): number {
  let rest = chance;
  const index = shares.findIndex((share) => (rest -= share) < 0);
  return index === -1 ? shares.length - 1 : index;
}
