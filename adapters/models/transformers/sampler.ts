/** Draws the next token from logits, in the same steps and order as Hugging Face's Python library. */
import type { Draw } from "../../../core/random/mod.ts";
import type { SamplerSettings } from "../shared/row.ts";

/** `nucleusOf` first searches the tokens with at least e^−8 times the largest weight, then with e^−16, e^−32, …. */
const NUCLEUS_DEPTH = 8;

/** Beyond this depth, a weight underflows to zero. */
const NUCLEUS_DEPTH_MAX = 745;

/**
 * Draws a token: applies the repetition penalty, then temperature, top-k, top-p and min-p, then draws from what is left. It
 * always uses exactly one random number.
 */
export function pickToken(
  logits: Float32Array,
  seen: ReadonlySet<number>,
  settings: SamplerSettings,
  draw: Draw,
): number {
  const { temperature, topK, topP, minP, repetitionPenalty } = settings;
  const scores = repetitionPenalty === 1 ? logits : penalised(logits, seen, repetitionPenalty);
  const best = argMax(scores);
  const chance = draw.uniform();
  if (temperature === 0) return best;
  const distribution: Distribution = { scores, largest: scores[best]!, temperature };
  let kept: Uint32Array = Uint32Array.from(scores.keys());
  if (topK > 0) kept = likeliest(scores, kept, topK);
  if (topP < 1) kept = nucleusOf(distribution, kept, topP);
  if (minP > 0) {
    const least = scores[best]! + Math.log(minP) * temperature;
    kept = kept.filter((token) => scores[token]! >= least);
  }
  // If the tokens stayed in the order of their scores, a rounding difference could swap two, and change the draw.
  if (topK > 0 || topP < 1) kept.sort();
  let rest = chance * totalWeight(distribution, kept);
  for (const token of kept) {
    rest -= weightOf(distribution, token);
    if (rest < 0) return token;
  }
  return best;
}

type Distribution = Readonly<{ scores: Float32Array; largest: number; temperature: number }>;

/** A token's probability, divided by the probability of the likeliest token. */
function weightOf({ scores, largest, temperature }: Distribution, token: number): number {
  return Math.exp((scores[token]! - largest) / temperature);
}

function totalWeight(distribution: Distribution, tokens: Uint32Array): number {
  let total = 0;
  for (const token of tokens) total += weightOf(distribution, token);
  return total;
}

function penalised(logits: Float32Array, seen: ReadonlySet<number>, penalty: number): Float32Array {
  const scores = logits.slice();
  for (const token of seen) {
    const score = scores[token];
    if (score !== undefined) scores[token] = score > 0 ? score / penalty : score * penalty;
  }
  return scores;
}

function argMax(scores: Float32Array): number {
  let best = -1;
  let largest = -Infinity;
  for (let token = 0; token < scores.length; token++) {
    if (scores[token]! > largest) {
      largest = scores[token]!;
      best = token;
    }
  }
  if (!Number.isFinite(largest)) {
    throw new RangeError("Cannot draw a token: the model's logits are not finite numbers");
  }
  return best;
}

/** The `count` tokens with the highest scores; of equal scores, the lower token number wins. */
function likeliest(scores: Float32Array, tokens: Uint32Array, count: number): Uint32Array {
  if (tokens.length <= count) return tokens;
  const values = Float32Array.from(tokens, (token) => scores[token]!).sort();
  const least = values[values.length - count]!;
  return byFallingScore(scores, tokens.filter((token) => scores[token]! >= least)).subarray(0, count);
}

/** The likeliest tokens, as few as possible, whose probabilities sum to at least `topP`. */
function nucleusOf(distribution: Distribution, tokens: Uint32Array, topP: number): Uint32Array {
  const { scores, largest, temperature } = distribution;
  const enough = topP * totalWeight(distribution, tokens);
  // Sorting the whole vocabulary would cost more than a step of a small model.
  for (let depth = NUCLEUS_DEPTH;; depth *= 2) {
    const least = largest - depth * temperature;
    const head = byFallingScore(scores, tokens.filter((token) => scores[token]! >= least));
    let sum = 0;
    for (let index = 0; index < head.length; index++) {
      sum += weightOf(distribution, head[index]!);
      if (sum >= enough) return head.subarray(0, index + 1);
    }
    if (head.length === tokens.length || depth > NUCLEUS_DEPTH_MAX) return head;
  }
}

function byFallingScore(scores: Float32Array, tokens: Uint32Array): Uint32Array {
  return tokens.sort((a, b) => scores[b]! - scores[a]! || a - b);
}
