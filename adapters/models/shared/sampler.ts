/** Draws the next token from logits, in the same steps and order as Hugging Face's Python library. */
import type { Draw } from "../../../core/random/mod.ts";
import type { SamplerSettings } from "./row.ts";

/** `nucleusOf` first searches the tokens with at least e^−8 times the largest weight, then with e^−16, e^−32, …. */
const NUCLEUS_DEPTH = 8;

/** Beyond this depth, a weight underflows to zero. */
const NUCLEUS_DEPTH_MAX = 745;

/** To find up to this many tokens, inserting them into a sorted list is faster than sorting the whole vocabulary. */
const INSERTED_MAX = 1000;

/**
 * Draws a token: applies the repetition penalty, then temperature, top-k, top-p and min-p, and draws from the
 * tokens that remain. It always uses exactly one random number.
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
  // `null` stands for all tokens: a list of them would cost more than a step of a small model.
  let kept: Uint32Array | null = topK > 0 && topK < scores.length ? likeliest(scores, topK) : null;
  if (topP < 1) kept = nucleusOf(distribution, kept, topP);
  if (minP > 0) {
    const least = scores[best]! + Math.log(minP) * temperature;
    kept = kept === null ? tokensFrom(scores, least) : kept.filter((token) => scores[token]! >= least);
  }
  // If the tokens stayed in the order of their scores, a rounding difference could swap two, and change the draw.
  kept?.sort();
  return drawn(distribution, kept, chance) ?? best;
}

type Distribution = Readonly<{ scores: Float32Array; largest: number; temperature: number }>;

/** Probabilities, each divided by the probability of the likeliest token. */
function weightsOf({ scores, largest, temperature }: Distribution, kept: Uint32Array | null): Float64Array {
  const weights = new Float64Array(kept?.length ?? scores.length);
  for (let index = 0; index < weights.length; index++) {
    weights[index] = Math.exp((scores[kept === null ? index : kept[index]!]! - largest) / temperature);
  }
  return weights;
}

function sumOf(weights: Float64Array): number {
  let total = 0;
  for (const weight of weights) total += weight;
  return total;
}

/** The token at this share of the probabilities' sum; `null` if rounding leads beyond the last. */
function drawn(distribution: Distribution, kept: Uint32Array | null, chance: number): number | null {
  const weights = weightsOf(distribution, kept);
  let rest = chance * sumOf(weights);
  for (let index = 0; index < weights.length; index++) {
    rest -= weights[index]!;
    if (rest < 0) return kept === null ? index : kept[index]!;
  }
  return null;
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

/** The tokens with at least this score, in order. */
function tokensFrom(scores: Float32Array, least: number): Uint32Array {
  const found: number[] = [];
  for (let token = 0; token < scores.length; token++) if (scores[token]! >= least) found.push(token);
  return Uint32Array.from(found);
}

/** The `count` tokens with the highest scores; of equal scores, the lower token number wins. */
function likeliest(scores: Float32Array, count: number): Uint32Array {
  if (count > INSERTED_MAX) {
    const least = scores.slice().sort()[scores.length - count]!;
    return byFallingScore(scores, tokensFrom(scores, least)).subarray(0, count);
  }
  const found = new Uint32Array(count);
  let length = 0;
  for (let token = 0; token < scores.length; token++) {
    const score = scores[token]!;
    if (length === count && score <= scores[found[count - 1]!]!) continue;
    let index = Math.min(length, count - 1);
    for (; index > 0 && scores[found[index - 1]!]! < score; index--) found[index] = found[index - 1]!;
    found[index] = token;
    if (length < count) length++;
  }
  return found;
}

/** The likeliest tokens, as few as possible, whose probabilities sum to at least `topP`. */
function nucleusOf(distribution: Distribution, kept: Uint32Array | null, topP: number): Uint32Array {
  const { scores, largest, temperature } = distribution;
  const enough = topP * sumOf(weightsOf(distribution, kept));
  const all = kept?.length ?? scores.length;
  // Sorting the whole vocabulary would cost more than a step of a small model.
  for (let depth = NUCLEUS_DEPTH;; depth *= 2) {
    const least = largest - depth * temperature;
    const near = kept === null ? tokensFrom(scores, least) : kept.filter((token) => scores[token]! >= least);
    const head = byFallingScore(scores, near);
    let sum = 0;
    for (const [index, weight] of weightsOf(distribution, head).entries()) {
      sum += weight;
      if (sum >= enough) return head.subarray(0, index + 1);
    }
    if (head.length === all || depth > NUCLEUS_DEPTH_MAX) return head;
  }
}

function byFallingScore(scores: Float32Array, tokens: Uint32Array): Uint32Array {
  return tokens.sort((a, b) => scores[b]! - scores[a]! || a - b);
}
