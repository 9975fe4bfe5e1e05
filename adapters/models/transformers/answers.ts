/** Choosing among allowed answers, by how likely the model finds each of them. */
import type { Logits } from "./logits.ts";
import type { Row } from "./row.ts";

/** Continuations that are computed together. */
const CONTINUATIONS_MAX = 16;

/** Computes the logits after each token of several continuations of the prompt, all of them equally long. */
export type Continue = (continuations: readonly (readonly number[])[]) => Promise<Logits>;

/**
 * Ends a row that allows only some answers. The probabilities are those of the model, whatever the sampling settings,
 * shared out among the allowed answers; the choice is drawn from them at the request's temperature.
 *
 * @param row A row with `answers`.
 * @param first The logits after the prompt.
 * @param continueWith Computes what comes after the first token.
 */
export async function chooseAnswer(row: Row, first: Float32Array, continueWith: Continue): Promise<void> {
  const answers = [...row.setup.answers!];
  const scores = await answerScores(answers.map(([, tokens]) => tokens), first, continueWith);
  const { temperature } = row.setup.sampler;
  const chance = row.draw.uniform();
  const drawn = temperature === 0 ? null : normalised(scores.map((score) => score / temperature));
  row.choose({
    answer: answers[drawn === null ? scores.indexOf(Math.max(...scores)) : indexAt(drawn, chance)]![0],
    probabilities: Object.fromEntries(normalised(scores).map((share, index) => [answers[index]![0], share])),
  });
}

/** The logarithm of the probability of each answer's tokens. */
async function answerScores(
  answers: readonly (readonly number[])[],
  first: Float32Array,
  continueWith: Continue,
): Promise<number[]> {
  const scores = answers.map(([token]) => logShare(first, token!));
  const longer = answers.flatMap(({ length }, index) => length > 1 ? [index] : []);
  for (let start = 0; start < longer.length; start += CONTINUATIONS_MAX) {
    const chunk = longer.slice(start, start + CONTINUATIONS_MAX);
    const width = Math.max(...chunk.map((index) => answers[index]!.length)) - 1;
    const { data, positions, tokens } = await continueWith(chunk.map((index) => {
      const known = answers[index]!.slice(0, -1);
      // What comes after an answer's end does not change what was computed before it.
      return [...known, ...new Array<number>(width - known.length).fill(0)];
    }));
    for (const [place, index] of chunk.entries()) {
      for (const [position, token] of answers[index]!.slice(1).entries()) {
        const from = (place * positions + position) * tokens;
        scores[index]! += logShare(data.subarray(from, from + tokens), token);
      }
    }
  }
  return scores;
}

/** The logarithm of one token's probability. */
function logShare(logits: Float32Array, token: number): number {
  let largest = -Infinity;
  for (const logit of logits) if (logit > largest) largest = logit;
  let total = 0;
  for (const logit of logits) total += Math.exp(logit - largest);
  return logits[token]! - largest - Math.log(total);
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
