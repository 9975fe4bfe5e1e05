/** Drawing the next token from logits, in the order of steps that Hugging Face's library has. */
import type { Draw } from "../../../core/random/mod.ts";

/** How tokens are drawn. */
export type SamplerSettings = Readonly<{
  /** 0 takes the likeliest token. */
  temperature: number;
  /** 0 for all tokens. */
  topK: number;
  /** 1 for all tokens. */
  topP: number;
  /** 0 for all tokens. */
  minP: number;
  /** 1 changes nothing. */
  repetitionPenalty: number;
}>;

/** How far below the likeliest token the search for the nucleus begins, and by what factor it widens: e^−8, e^−16 … */
const NUCLEUS_DEPTH = 8;

/** Beyond this, a token's share is zero in floating-point numbers. */
const NUCLEUS_DEPTH_MAX = 745;

/**
 * Draws a token: penalises what was said already, then narrows by temperature, top-k, top-p and min-p, then draws
 * among what is left. One draw a token, whatever the settings.
 *
 * @param logits One for each token; they are left as they are.
 * @param seen The tokens of the prompt and the reply so far.
 * @param settings How it is drawn.
 * @param draw The request's own stream.
 * @returns The token's number.
 * @throws {RangeError} When the logits hold no largest number.
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
  // In the tokens' own order, so that a difference in the last digit of two scores cannot swap them.
  if (kept.length < scores.length) kept.sort();
  let rest = chance * totalWeight(distribution, kept);
  for (const token of kept) {
    rest -= weightOf(distribution, token);
    if (rest < 0) return token;
  }
  return best;
}

type Distribution = Readonly<{ scores: Float32Array; largest: number; temperature: number }>;

/** How likely a token is, in shares of the likeliest. */
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
    throw new RangeError("Cannot draw a token: the model's logits are not numbers");
  }
  return best;
}

/** The first `count` of the tokens by falling score; of equal ones, those with the lower number. */
function likeliest(scores: Float32Array, tokens: Uint32Array, count: number): Uint32Array {
  if (tokens.length <= count) return tokens;
  const values = Float32Array.from(tokens, (token) => scores[token]!).sort();
  const least = values[values.length - count]!;
  return byFallingScore(scores, tokens.filter((token) => scores[token]! >= least)).subarray(0, count);
}

/** The fewest of the likeliest tokens that together are at least as likely as `topP`. */
function nucleusOf(distribution: Distribution, tokens: Uint32Array, topP: number): Uint32Array {
  const { scores, largest, temperature } = distribution;
  const enough = topP * totalWeight(distribution, tokens);
  // Sorting a whole vocabulary at each step costs more than the step of a small model.
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
