/** ROUGE-L: how much of two texts is the same words in the same order. */
import { type Comparable, comparable, WORD_BITS } from "./longest_common.ts";
import { Numbering } from "./numbering.ts";

/**
 * The words that ROUGE compares: runs of a–z and 0–9 in lower case, everything else parts them; no stemming.
 *
 * As in the Python package `rouge_score` 0.1.2, whose figures are the field's. It leaves nothing of a text in another
 * script, and cuts accented words: texts that are not English have to be compared by other means.
 *
 * @param text A comment.
 * @param limit Most words that are read.
 */
export function rougeWords(text: string, limit = Infinity): string[] {
  const found = text.toLowerCase().matchAll(/[a-z0-9]+/g);
  return found.take(limit).map(([word]) => word).toArray();
}

/**
 * The F1 of ROUGE-L: with the longest common subsequence's length c of texts of a and b words, 2c / (a + b), which is
 * the harmonic mean of c / a and c / b (Lin, "ROUGE: A package for automatic evaluation of summaries", 2004).
 *
 * @param one A text.
 * @param other Another.
 * @returns From 0 to 1; 0 where one of them has no words.
 *
 * @example
 * ```ts
 * import { rougeL } from "./rouge.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(rougeL("police killed the gunman", "Police kill the gunman!"), 0.75);
 * ```
 */
export function rougeL(one: string, other: string): number {
  const words = new Numbering<string>();
  const [first, second] = [words.ofAll(rougeWords(one)), words.ofAll(rougeWords(other))];
  return overlap(comparable(first, words.size), second);
}

/** The mean over pairs of texts, and how much of the texts it was taken of. */
export type PairwiseRougeL = Readonly<{
  /** From 0 to 1; `null` where there are more pairs than can be compared. */
  mean: number | null;
  /** Of how many words of each text, the first ones; `null` for all. */
  words: number | null;
}>;

/** Most words of a text that are compared: memory and time grow with their square. */
export const WORDS_COMPARED_MAX = 5_000;

/** Fewest words of a text that are worth comparing where it has more. */
const WORDS_COMPARED_MIN = 32;

/** Most steps that the comparisons of a discussion's texts take: some seconds. */
export const STEPS_MAX = 2_000_000_000;

/** What a comparison takes besides its words, in steps of a word. */
const PAIR_STEPS = 16;

/**
 * The mean F1 of ROUGE-L over all pairs of texts. Of long texts, and of many that are not short, only the first words
 * are compared, the same number of each: as many as {@linkcode STEPS_MAX} allows, at most
 * {@linkcode WORDS_COMPARED_MAX}.
 *
 * @param texts At least two.
 * @throws {RangeError} When there are fewer than two texts.
 */
export function meanPairwiseRougeL(texts: readonly string[]): PairwiseRougeL {
  if (texts.length < 2) throw new RangeError(`Cannot compare ${texts.length} texts in pairs: expected two`);
  const words = new Numbering<string>();
  const whole = texts.map((text) => words.ofAll(rougeWords(text, WORDS_COMPARED_MAX + 1)));
  const limit = wordsCompared(whole.map(({ length }) => length));
  if (limit === null) return { mean: null, words: null };
  if (whole.every(({ length }) => length <= limit)) {
    return { mean: meanOverlap(whole, words.size), words: null };
  }
  // Words that are not compared would take memory in every comparison.
  const compared = new Numbering<number>();
  const cut = whole.map((numbers) => compared.ofAll(numbers.subarray(0, limit)));
  return { mean: meanOverlap(cut, compared.size), words: limit };
}

function meanOverlap(sequences: readonly Uint32Array[], kinds: number): number {
  let sum = 0;
  for (let at = 0; at < sequences.length - 1; at++) {
    const text = comparable(sequences[at]!, kinds);
    for (let next = at + 1; next < sequences.length; next++) sum += overlap(text, sequences[next]!);
  }
  return sum / (sequences.length * (sequences.length - 1) / 2);
}

/**
 * How many words of each text can be compared.
 *
 * @param lengths The texts' words.
 * @returns `null` where they are too many for any comparison.
 */
export function wordsCompared(lengths: readonly number[]): number | null {
  const isTooMany = (limit: number) => stepsOf(lengths.map((length) => Math.min(length, limit))) > STEPS_MAX;
  if (!isTooMany(WORDS_COMPARED_MAX)) return WORDS_COMPARED_MAX;
  if (isTooMany(WORDS_COMPARED_MIN)) return null;
  let [enough, tooMany] = [WORDS_COMPARED_MIN, WORDS_COMPARED_MAX];
  while (tooMany - enough > 1) {
    const middle = (enough + tooMany) >> 1;
    if (isTooMany(middle)) tooMany = middle;
    else enough = middle;
  }
  return enough;
}

/** What it takes to compare every text with those after it. */
function stepsOf(lengths: readonly number[]): number {
  let steps = 0;
  let after = 0;
  for (let at = lengths.length - 1; at >= 0; at--) {
    steps += Math.ceil(lengths[at]! / WORD_BITS) * after;
    after += lengths[at]! + PAIR_STEPS;
  }
  return steps;
}

function overlap(text: Comparable, other: Uint32Array): number {
  const words = text.length + other.length;
  return words === 0 ? 0 : 2 * text.commonWith(other) / words;
}
