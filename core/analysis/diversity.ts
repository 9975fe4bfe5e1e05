/** How much the comments of a discussion differ from each other. */
import { wordsOf } from "../moderation/signals.ts";
import { Numbering } from "./numbering.ts";
import { meanPairwiseRougeL, rougeWords } from "./rouge.ts";
import { type Unavailable, unavailable } from "./unavailable.ts";

/**
 * Diversity: 1 − the mean F1 of ROUGE-L over all pairs of a discussion's comments. One discussion is the unit of work:
 * callers with many of them can spread them over cores.
 *
 * @param comments The texts of the generated comments: openings and silent turns are not among them.
 * @returns From 0 (all say the same) to 1 (no two share a word).
 *
 * @example
 * ```ts
 * import { diversity } from "./diversity.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(diversity(["Buses are late", "Trams cost more", "Buses are late"]), 1 - 1 / 3);
 * assert.deepEqual(diversity(["alone"]), { unavailable: "there are fewer than two comments to compare" });
 * ```
 */
export function diversity(comments: readonly string[]): number | Unavailable {
  if (comments.length < 2) return unavailable("there are fewer than two comments to compare");
  if (comments.every((comment) => rougeWords(comment).length === 0)) {
    return unavailable("no comment has a word of a–z or 0–9, which is all that ROUGE compares");
  }
  return 1 - meanPairwiseRougeL(comments);
}

/**
 * Distinct-n: the share of different n-grams among all n-grams of the comments (Li et al., "A diversity-promoting
 * objective function for neural conversation models", 2016). It falls as texts get longer: compare only discussions of
 * about the same length. Words are those of any script, in lower case.
 *
 * @param comments The texts; n-grams do not reach from one into the next.
 * @param n Words in a row, at least 1.
 * @returns Above 0, at most 1.
 * @throws {RangeError} When `n` is not a whole number of at least 1.
 */
export function distinctN(comments: readonly string[], n: number): number | Unavailable {
  if (!Number.isSafeInteger(n) || n < 1) {
    throw new RangeError(`Cannot count n-grams of "${n}" words: expected a whole number of at least 1`);
  }
  const words = new Numbering<string>();
  const texts = comments.map((comment) => words.ofAll(wordsOf(comment)));
  let grams = texts;
  let different = words.size;
  for (let length = 2; length <= n && different > 0; length++) {
    const longer = new Numbering<number>();
    grams = grams.map((shorter, text) =>
      longer.ofAll(withNext(shorter, texts[text]!.subarray(length - 1), words.size))
    );
    different = longer.size;
  }
  const all = grams.reduce((sum, { length }) => sum + length, 0);
  return different === 0
    ? unavailable(`no comment has ${n === 1 ? "a word" : `${n} words in a row`}`)
    : different / all;
}

/** A number for every n-gram and the word that comes after it: equal ones for equal pairs alone. */
function withNext(grams: Uint32Array, next: Uint32Array, kinds: number): Float64Array {
  const pairs = new Float64Array(next.length);
  for (let at = 0; at < next.length; at++) pairs[at] = grams[at]! * kinds + next[at]!;
  return pairs;
}
