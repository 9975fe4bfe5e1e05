/** ROUGE-L: how much of two texts is the same words in the same order. */
import { type Comparable, comparable } from "./longest_common.ts";
import { Numbering } from "./numbering.ts";

/**
 * The words that ROUGE compares: runs of a–z and 0–9 in lower case, everything else parts them; no stemming.
 *
 * As in the Python package `rouge_score` 0.1.2, whose figures are the field's. It leaves nothing of a text in another
 * script, and cuts accented words: texts that are not English have to be compared by other means.
 *
 * @param text A comment.
 */
export function rougeWords(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
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

/**
 * The mean F1 of ROUGE-L over all pairs of texts.
 *
 * @param texts At least two.
 * @returns From 0 to 1; NaN never, since there are pairs.
 * @throws {RangeError} When there are fewer than two texts.
 */
export function meanPairwiseRougeL(texts: readonly string[]): number {
  if (texts.length < 2) throw new RangeError(`Cannot compare ${texts.length} texts in pairs: expected two`);
  const words = new Numbering<string>();
  const sequences = texts.map((text) => words.ofAll(rougeWords(text)));
  let sum = 0;
  for (let at = 0; at < sequences.length - 1; at++) {
    const text = comparable(sequences[at]!, words.size);
    for (let next = at + 1; next < sequences.length; next++) sum += overlap(text, sequences[next]!);
  }
  return sum / (texts.length * (texts.length - 1) / 2);
}

function overlap(text: Comparable, other: Uint32Array): number {
  const words = text.length + other.length;
  return words === 0 ? 0 : 2 * text.commonWith(other) / words;
}
