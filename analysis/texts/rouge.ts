/** ROUGE-L: the similarity of two texts, measured by the words that occur in both texts in the same order. */

import { CommonSubsequence } from "./common_subsequence.ts";
import { type NumberedWords, numberedWords } from "./numbered_words.ts";

/**
 * The F1 of ROUGE-L: 2c / (a + b), where c is the length of the longest common subsequence of texts with a and b words.
 * This is the harmonic mean of c / a and c / b (Lin, "ROUGE: A package for automatic evaluation of summaries", 2004).
 *
 * @returns From 0 to 1; 0 if one of the texts has no words.
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
  const { rouge: [first, second], kinds } = numberedWords([one, other]);
  const common = new CommonSubsequence(kinds);
  common.prepare(first!);
  return f1Of(common, first!, second!);
}

/** The mean F1 over pairs of texts, and how much of each text was compared. */
type PairwiseRougeL = Readonly<{
  /** From 0 to 1; `null` if there are too many pairs to compare. */
  mean: number | null;
  /** How many words at the beginning of each text were compared; `null` for all. */
  words: number | null;
}>;

/** At most this many words of a text are compared: memory and time grow with the square of their number. */
export const WORDS_COMPARED_MAX = 5_000;

const WORDS_COMPARED_MIN = 32;

/**
 * All comparisons in a discussion take at most this many steps: some seconds. A step compares a word with
 * {@linkcode STEP_WORDS} others.
 */
export const STEPS_MAX = 2_000_000_000;

const STEP_WORDS = 32;

/** A comparison has a fixed cost: as much as if the second text had this many more words. */
const PAIR_STEPS = 16;

/** The figures of all texts together, and the mean of each group. */
type GroupedRougeL =
  & PairwiseRougeL
  & Readonly<{
    /** Group → the mean F1 over the pairs of texts in this group. Groups of one text are missing. */
    within: ReadonlyMap<string, number>;
  }>;

/**
 * The mean F1 of ROUGE-L over all pairs of texts. If there are long texts or many texts, only the first words
 * of each text are compared: as many as {@linkcode STEPS_MAX} allows, at most {@linkcode WORDS_COMPARED_MAX}.
 *
 * @param groups The group of each text. Default: all texts are one group.
 * @throws {RangeError} For fewer than two texts.
 */
export function meanPairwiseRougeL(
  { rouge: texts, kinds }: Pick<NumberedWords, "rouge" | "kinds">,
  groups: readonly string[] = texts.map(() => ""),
): GroupedRougeL {
  if (texts.length < 2) {
    throw new RangeError(`Cannot compare ${texts.length} texts in pairs: expected at least two`);
  }
  const limit = wordsCompared(texts.map(({ length }) => length));
  if (limit === null) return { mean: null, words: null, within: new Map() };
  if (texts.every(({ length }) => length <= limit)) {
    return { ...meanF1(texts, kinds, groups), words: null };
  }
  // The words are numbered again without the words that are cut off, because every numbered word takes memory.
  const compared = new Numbering();
  const cut = texts.map((numbers) => compared.ofAll(numbers.subarray(0, limit)));
  return { ...meanF1(cut, compared.size, groups), words: limit };
}

function meanF1(
  sequences: readonly Uint32Array[],
  kinds: number,
  groups: readonly string[],
): Readonly<{ mean: number; within: ReadonlyMap<string, number> }> {
  let sum = 0;
  const sums = new Map<string, number>();
  const common = new CommonSubsequence(kinds);
  for (let at = 0; at < sequences.length - 1; at++) {
    const text = sequences[at]!;
    common.prepare(text);
    const group = groups[at]!;
    for (let next = at + 1; next < sequences.length; next++) {
      const f1 = f1Of(common, text, sequences[next]!);
      sum += f1;
      if (groups[next] === group) sums.set(group, (sums.get(group) ?? 0) + f1);
    }
  }
  const members = Map.groupBy(groups, (group) => group);
  const within = [...sums].map(([group, own]) => [group, own / pairsOf(members.get(group)!.length)] as const);
  return { mean: sum / pairsOf(sequences.length), within: new Map(within) };
}

/** @param common It has `text` prepared. */
function f1Of(common: CommonSubsequence, text: Uint32Array, other: Uint32Array): number {
  const words = text.length + other.length;
  return words === 0 ? 0 : 2 * common.lengthWith(other) / words;
}

function pairsOf(texts: number): number {
  return texts * (texts - 1) / 2;
}

/** How many words at the beginning of texts with these lengths can be compared; `null` if there are too many texts. */
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

function stepsOf(lengths: readonly number[]): number {
  let steps = 0;
  let after = 0;
  for (let at = lengths.length - 1; at >= 0; at--) {
    steps += Math.ceil(lengths[at]! / STEP_WORDS) * after;
    after += lengths[at]! + PAIR_STEPS;
  }
  return steps;
}

/** Numbers numbers again: equal numbers get equal new numbers, from 0 on. */
export class Numbering {
  readonly #numbers = new Map<number, number>();

  get size(): number {
    return this.#numbers.size;
  }

  of(value: number): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(value, number);
    return number;
  }

  ofAll(values: ArrayLike<number>): Uint32Array {
    const numbers = new Uint32Array(values.length);
    for (let at = 0; at < values.length; at++) numbers[at] = this.of(values[at]!);
    return numbers;
  }
}
