/** Choosing among labels, by how likely the model finds each of them. */
import type { ChoosePart } from "./answer_plan.ts";
import type { Logits } from "./logits.ts";
import type { Row } from "./row.ts";

/** Continuations that are computed together. */
const CONTINUATIONS_MAX = 16;

/** Computes the logits after each token of several continuations of a row, all of them equally long. */
export type Continue = (continuations: readonly (readonly number[])[]) => Promise<Logits>;

/**
 * Makes a row's next choice. The probabilities are those of the model, whatever the sampling settings, shared out among
 * the labels; the choice is drawn from them at the request's temperature.
 *
 * @param row A row that has something to choose.
 * @param first The logits of its next token.
 * @param continueWith Computes what comes after further tokens.
 * @throws {RangeError} When the logits hold no numbers.
 */
export async function chooseAnswer(row: Row, first: Float32Array, continueWith: Continue): Promise<void> {
  const part = row.choice!;
  const scores = await labelScores(part, first, async (continuations) => {
    const logits = await continueWith(continuations);
    return row.isOver ? null : logits;
  });
  if (scores === null) return;
  if (!Number.isFinite(Math.max(...scores))) {
    throw new RangeError("Cannot choose an answer: the logits hold no numbers");
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

/** The logarithm of the probability of each label, and of what follows it where that counts; `null` once given up. */
async function labelScores(
  { labels, followers }: ChoosePart,
  first: Float32Array,
  continueWith: (continuations: readonly (readonly number[])[]) => Promise<Logits | null>,
): Promise<number[] | null> {
  // What each label takes at each place: a token of its own, or in the end any of the followers.
  const wanted = [...labels.values()].map((tokens) => [
    ...tokens.map((token) => [token]),
    ...(followers === null ? [] : [followers]),
  ]);
  const scores = wanted.map(([tokens]) => logShare(first, tokens!));
  const longer = wanted.flatMap(({ length }, index) => length > 1 ? [index] : []);
  for (let start = 0; start < longer.length; start += CONTINUATIONS_MAX) {
    const chunk = longer.slice(start, start + CONTINUATIONS_MAX);
    const width = Math.max(...chunk.map((index) => wanted[index]!.length)) - 1;
    const logits = await continueWith(chunk.map((index) => {
      const known = wanted[index]!.slice(0, -1).map(([token]) => token!);
      // What comes after a label's end does not change what was computed before it.
      return [...known, ...new Array<number>(width - known.length).fill(0)];
    }));
    if (logits === null) return null;
    const { data, positions, tokens } = logits;
    for (const [place, index] of chunk.entries()) {
      for (const [position, next] of wanted[index]!.slice(1).entries()) {
        const from = (place * positions + position) * tokens;
        scores[index]! += logShare(data.subarray(from, from + tokens), next);
      }
    }
  }
  return scores;
}

/** The logarithm of the probability that the next token is one of some. */
function logShare(logits: Float32Array, wanted: readonly number[]): number {
  let largest = -Infinity;
  for (const logit of logits) if (logit > largest) largest = logit;
  let total = 0;
  for (const logit of logits) total += Math.exp(logit - largest);
  let share = 0;
  for (const token of wanted) share += Math.exp(logits[token]! - largest);
  // One token's logarithm is taken as it is: its exponential can be too small for a number.
  return (wanted.length === 1 ? logits[wanted[0]!]! - largest : Math.log(share)) - Math.log(total);
}

/** Probabilities from their logarithms, so that they sum to one. */
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
