/** Measures of the texts of a discussion: diversity, distinct-n, lengths. */
import { type Unavailable, unavailable } from "../statistics/unavailable.ts";
import type { WhoseComments } from "../../core/experiment/analysis_design.ts";
import { type NumberedWords, numberedWords } from "./numbered_words.ts";
import { meanPairwiseRougeL, Numbering } from "./rouge.ts";

/** A generated comment. Openings and scripted interventions are not generated. */
export type SpokenText = Readonly<{ by: "participant" | "moderator"; text: string }>;

/** Measures of some comments of a discussion. */
export type TextFigures =
  & Diversity
  & Readonly<{
    /** The share of distinct pairs among all pairs of adjacent words. */
    distinct2: number | Unavailable;
  }>;

/** The measures of the comments of participants, of moderators, and of both together. */
export type TextMeasures = Readonly<Record<WhoseComments, TextFigures>>;

/** Does the same as {@linkcode measureTexts}, but can do it in another thread. */
export type MeasureTexts = (comments: readonly SpokenText[]) => Promise<TextMeasures>;

/**
 * Measures the texts of one discussion. The time grows with the square of the texts' length, up to some seconds. Use
 * several threads for many discussions.
 *
 * @example
 * ```ts
 * import { measureTexts } from "./text_measures.ts";
 * import assert from "node:assert/strict";
 *
 * const { participants, all } = measureTexts([
 *   { by: "participant", text: "Buses are late" },
 *   { by: "participant", text: "buses are late" },
 *   { by: "moderator", text: "Stay calm" },
 * ]);
 * assert.deepEqual(participants, { diversity: 0, wordsCompared: null, distinct2: 1 / 2 });
 * assert.equal(all.diversity, 1 - 1 / 3);
 * ```
 */
export function measureTexts(comments: readonly SpokenText[]): TextMeasures {
  const words = numberedWords(comments.map(({ text }) => text));
  const bigrams = gramsOf(words, 2);
  const pairs = comments.length < 2 ? null : meanPairwiseRougeL(words, comments.map(({ by }) => by));
  const all = { ...diversityOf(words, () => pairs!), distinct2: shareOfDistinct(bigrams, 2) };
  const ofOne = (one: SpokenText["by"]): TextFigures => {
    const isOwn = (_: unknown, at: number) => comments[at]!.by === one;
    const own = { rouge: words.rouge.filter(isOwn), kinds: words.kinds };
    if (own.rouge.length === comments.length) return all;
    // If not all words of all texts were compared, these texts are compared again, without the others: the
    // length of the other texts must not change the result.
    const mean = pairs?.words === null ? pairs.within.get(one) : undefined;
    const compare = () => mean === undefined ? meanPairwiseRougeL(own) : { mean, words: null };
    return { ...diversityOf(own, compare), distinct2: shareOfDistinct(bigrams.filter(isOwn), 2) };
  };
  return { participants: ofOne("participant"), moderators: ofOne("moderator"), all };
}

/** The diversity of comments, and how much of each comment was compared. */
export type Diversity = Readonly<{
  diversity: number | Unavailable;
  /** How many words at the beginning of each comment were compared; `null` for all. */
  wordsCompared: number | null;
}>;

/**
 * Diversity: 1 minus the mean F1 of ROUGE-L over all pairs of a discussion's comments. If a comment has more
 * than 5,000 words, or if there are very many comments, only the first words of each comment are compared.
 *
 * @returns From 0 (all comments are equal) to 1 (no two comments share a word).
 *
 * @example
 * ```ts
 * import { measureDiversity } from "./text_measures.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(measureDiversity(["Buses are late", "Trams cost more", "Buses are late"]), {
 *   diversity: 1 - 1 / 3,
 *   wordsCompared: null,
 * });
 * ```
 */
export function measureDiversity(comments: readonly string[]): Diversity {
  const words = numberedWords(comments);
  return diversityOf(words, () => meanPairwiseRougeL(words));
}

function diversityOf(
  { rouge }: Pick<NumberedWords, "rouge">,
  compare: () => Readonly<{ mean: number | null; words: number | null }>,
): Diversity {
  const none = (reason: string) => ({ diversity: unavailable(reason), wordsCompared: null });
  if (rouge.length < 2) return none("there are fewer than two comments to compare");
  if (rouge.every(({ length }) => length === 0)) {
    return none("no comment has a word of a–z or 0–9, and ROUGE compares no other words");
  }
  const { mean, words } = compare();
  if (mean === null) return none(`${rouge.length} comments make too many pairs to compare`);
  return { diversity: 1 - mean, wordsCompared: words };
}

/**
 * Distinct-n: the share of distinct n-grams among all n-grams of the comments (Li et al., "A diversity-promoting objective
 * function for neural conversation models", 2016). It falls as texts get longer: compare only discussions of about the same
 * length. Words of all scripts count, in lower case.
 *
 * @param comments The texts. N-grams do not reach from one text into the next.
 * @param n Adjacent words, at least 1.
 * @returns Above 0, at most 1.
 * @throws {RangeError} When `n` is not a whole number of at least 1.
 */
export function distinctN(comments: readonly string[], n: number): number | Unavailable {
  if (!Number.isSafeInteger(n) || n < 1) {
    throw new RangeError(`Cannot count n-grams of "${n}" words: expected a whole number of at least 1`);
  }
  return shareOfDistinct(gramsOf(numberedWords(comments), n), n);
}

/** The n-grams of each text. Equal n-grams have equal numbers. */
function gramsOf(
  { all: texts, kinds }: Pick<NumberedWords, "all" | "kinds">,
  n: number,
): readonly ArrayLike<number>[] {
  let grams: readonly ArrayLike<number>[] = texts;
  for (let length = 2; length <= n; length++) {
    const numbers = new Numbering();
    // Without new numbers, long n-grams would have numbers with too many digits.
    const shorter = length === 2 ? grams : grams.map((each) => numbers.ofAll(each));
    grams = shorter.map((each, text) => withNext(each, texts[text]!.subarray(length - 1), kinds));
  }
  return grams;
}

/** Makes longer n-grams: one number for each n-gram together with the next word. */
function withNext(grams: ArrayLike<number>, next: Uint32Array, kinds: number): Float64Array {
  const longer = new Float64Array(next.length);
  for (let at = 0; at < next.length; at++) longer[at] = grams[at]! * kinds + next[at]!;
  return longer;
}

function shareOfDistinct(grams: readonly ArrayLike<number>[], n: number): number | Unavailable {
  const all = grams.reduce((sum, { length }) => sum + length, 0);
  return all === 0
    ? unavailable(`no comment has ${n === 1 ? "a word" : `${n} words in a row`}`)
    : countDifferent(grams, all) / all;
}

/** The golden ratio as a fraction of 2^32: multiplied by it, near numbers get far hashes (Knuth, volume 3, 6.4). */
const HASH_FACTOR = 0x9e37_79b1;

const FREE = -1;

/**
 * Counts the different numbers, with a hash table of at least twice as many slots as there are numbers. A `Set` would
 * take several times the memory and the time, and its size has a limit.
 *
 * @param lists Whole numbers of at least 0. @param all How many there are.
 */
function countDifferent(lists: readonly ArrayLike<number>[], all: number): number {
  const bits = Math.ceil(Math.log2(2 * all));
  const slots = new Float64Array(2 ** bits).fill(FREE);
  let different = 0;
  for (const list of lists) {
    for (let at = 0; at < list.length; at++) {
      const number = list[at]!;
      let slot = Math.imul(number ^ number / 2 ** 32, HASH_FACTOR) >>> (32 - bits);
      while (slots[slot] !== FREE && slots[slot] !== number) slot = (slot + 1) & (slots.length - 1);
      if (slots[slot] === number) continue;
      slots[slot] = number;
      different++;
    }
  }
  return different;
}

/**
 * Counts the words of a text: sequences of characters without white space. In scripts without spaces, a whole
 * sentence counts as one word, so compare such texts by their number of characters.
 */
export function wordCount(text: string): number {
  return text.match(/[^\p{White_Space}]+/gu)?.length ?? 0;
}
