/** Choices among labels, from the probabilities that a local model gives to their tokens. */
import type { ChoosePart, Row } from "./row.ts";

/** The allowed tokens at each position of a label: its own tokens, and after them any follower. */
export type WantedTokens = readonly (readonly number[])[];

/** The allowed tokens of each label, in the order of the labels. A label's probability is the product over its positions. */
export function wantedTokens({ labels, followers }: ChoosePart): WantedTokens[] {
  return [...labels.values()].map((tokens) => [
    ...tokens.map((token) => [token]),
    ...(followers === null ? [] : [followers]),
  ]);
}

/**
 * Makes a row's choice. It reports the model's own probabilities, normalised over the labels; sampling settings do not
 * change them. It draws the choice at the request's temperature.
 *
 * @param scores The natural logarithm of each label's probability, in the order of the labels.
 */
export function chooseByScores(row: Row, scores: readonly number[]): void {
  if (!Number.isFinite(Math.max(...scores))) {
    throw new RangeError("Cannot choose an answer: the model's probabilities are not numbers");
  }
  const labels = [...row.choice!.labels.keys()];
  const { temperature } = row.setup.sampler;
  const chance = row.draw.uniform();
  const drawn = temperature === 0 ? null : normalised(scores.map((score) => score / temperature));
  row.choose({
    answer: labels[drawn === null ? scores.indexOf(Math.max(...scores)) : indexAt(drawn, chance)]!,
    probabilities: Object.fromEntries(normalised(scores).map((share, index) => [labels[index]!, share])),
  });
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
