/** ROUGE-L: the similarity of two texts, measured by the words that occur in both texts in the same order. */

/**
 * The words that ROUGE compares: sequences of a–z and 0–9 in lower case, without stemming, as in the Python
 * package `rouge_score` 0.1.2. Texts in other scripts have no such words, and accented letters split a word.
 * Use other measures for such texts.
 */
export function rougeWords(text: string, limit = Infinity): string[] {
  const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words.length > limit ? words.slice(0, limit) : words;
}

/** Whether a text has at least one word that ROUGE compares. */
export function hasRougeWords(text: string): boolean {
  return /[a-z0-9]/.test(text.toLowerCase());
}

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
  const words = new Numbering<string>();
  const [first, second] = [words.ofAll(rougeWords(one)), words.ofAll(rougeWords(other))];
  return overlap(comparable(first, words.size), second);
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
 * All comparisons in a discussion take at most this many steps: some seconds. A step compares a word with 32
 * others.
 */
export const STEPS_MAX = 2_000_000_000;

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
  texts: readonly string[],
  groups: readonly string[] = texts.map(() => ""),
): GroupedRougeL {
  if (texts.length < 2) {
    throw new RangeError(`Cannot compare ${texts.length} texts in pairs: expected at least two`);
  }
  const words = new Numbering<string>();
  const whole = texts.map((text) => words.ofAll(rougeWords(text, WORDS_COMPARED_MAX + 1)));
  const limit = wordsCompared(whole.map(({ length }) => length));
  if (limit === null) return { mean: null, words: null, within: new Map() };
  if (whole.every(({ length }) => length <= limit)) {
    return { ...meanOverlaps(whole, words.size, groups), words: null };
  }
  // The words are numbered again without the words that are cut off, because every numbered word takes memory.
  const compared = new Numbering<number>();
  const cut = whole.map((numbers) => compared.ofAll(numbers.subarray(0, limit)));
  return { ...meanOverlaps(cut, compared.size, groups), words: limit };
}

function meanOverlaps(
  sequences: readonly Uint32Array[],
  kinds: number,
  groups: readonly string[],
): Readonly<{ mean: number; within: ReadonlyMap<string, number> }> {
  let sum = 0;
  const sums = new Map<string, number>();
  for (let at = 0; at < sequences.length - 1; at++) {
    const text = comparable(sequences[at]!, kinds);
    const group = groups[at]!;
    for (let next = at + 1; next < sequences.length; next++) {
      const f1 = overlap(text, sequences[next]!);
      sum += f1;
      if (groups[next] === group) sums.set(group, (sums.get(group) ?? 0) + f1);
    }
  }
  const members = Map.groupBy(groups, (group) => group);
  const within = [...sums].map(([group, own]) => [group, own / pairsOf(members.get(group)!.length)] as const);
  return { mean: sum / pairsOf(sequences.length), within: new Map(within) };
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
    steps += Math.ceil(lengths[at]! / WORD_BITS) * after;
    after += lengths[at]! + PAIR_STEPS;
  }
  return steps;
}

function overlap(text: Comparable, other: Uint32Array): number {
  const words = text.length + other.length;
  return words === 0 ? 0 : 2 * text.commonWith(other) / words;
}

/** The bits of a machine word. All arithmetic uses signed 32-bit numbers, because engines keep them in registers. */
const WORD_BITS = 32;
const ALL_ONES = -1;

/** A sequence that is prepared for comparisons. Items are whole numbers of at least 0. */
type Comparable = Readonly<{
  length: number;
  /** The length of the longest common subsequence with another sequence: items in common order, gaps allowed. */
  commonWith: (other: ArrayLike<number>) => number;
}>;

/**
 * Prepares a sequence for comparisons, in time proportional to its length. A comparison then looks at each item
 * of the other sequence. An item that occurs in this sequence costs a few operations for every 32 items of this
 * sequence.
 *
 * It uses the bit-vector algorithm of Crochemore, Iliopoulos, Pinzon and Reid, "A fast and practical bit-vector
 * algorithm for the longest common subsequence problem" (2001). V begins with all ones. Each item of the other
 * sequence changes V to (V + (V ∧ M)) ∨ (V ∧ ¬M), where M marks the positions of the item in this sequence. The
 * number of zeros in the final V is the length of the longest common subsequence.
 *
 * @param kinds A number that is larger than every item of all sequences. Memory grows with it.
 *
 * @example
 * ```ts
 * import { comparable } from "./rouge.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(comparable([1, 2, 3, 4], 10).commonWith([2, 9, 4, 1]), 2);
 * ```
 */
export function comparable(sequence: ArrayLike<number>, kinds: number): Comparable {
  const { length } = sequence;
  const words = Math.ceil(length / WORD_BITS);
  const { rows, masks } = placesOf(sequence, kinds, words);
  const open = new Int32Array(words);
  let found = new Int32Array(length);
  const commonWith = (other: ArrayLike<number>): number => {
    if (found.length < other.length) found = new Int32Array(other.length);
    const count = findRows(found, other, rows);
    open.fill(ALL_ONES);
    for (let at = 0; at < count; at++) advance(open, masks, found[at]!);
    return zerosOf(open, length);
  };
  return { length, commonWith };
}

const NOWHERE = -1;

/** `rows`: item → the start of its mask in `masks`, or `NOWHERE`. A mask has one bit for each position. */
function placesOf(
  sequence: ArrayLike<number>,
  kinds: number,
  words: number,
): { rows: Int32Array; masks: Int32Array } {
  const rows = new Int32Array(kinds).fill(NOWHERE);
  const masks = new Int32Array(sequence.length * words);
  let used = 0;
  for (let at = 0; at < sequence.length; at++) {
    const item = sequence[at]!;
    if (rows[item] === NOWHERE) {
      rows[item] = used;
      used += words;
    }
    masks[rows[item]! + (at >>> 5)]! |= 1 << (at & 31);
  }
  return { rows, masks };
}

/**
 * Writes the row of each item of the other sequence that occurs in this sequence, and returns the number of
 * these rows. An `if` would be slow, because the CPU cannot predict which items occur. So every row is written,
 * and the next row overwrites a row that is `NOWHERE`.
 */
function findRows(found: Int32Array, other: ArrayLike<number>, rows: Int32Array): number {
  let count = 0;
  for (let at = 0; at < other.length; at++) {
    const row = rows[other[at]!]!;
    found[count] = row;
    count += 1 + (row >> 31);
  }
  return count;
}

/** Updates V for one item. Carries pass from word to word; the carry out of the last word has no meaning. */
function advance(open: Int32Array, masks: Int32Array, row: number): void {
  let carry = 0;
  for (let word = 0; word < open.length; word++) {
    const before = open[word]!;
    const here = masks[row + word]!;
    const matched = before & here;
    const sum = (before + matched + carry) | 0;
    // An unsigned sum carries if both numbers have the highest bit, or if one number has it and the sum does not.
    carry = (matched | (before & ~sum)) >>> 31;
    open[word] = sum | (before & ~here);
  }
}

function zerosOf(open: Int32Array, length: number): number {
  let zeros = 0;
  for (let word = 0; word < open.length; word++) {
    const places = length - word * WORD_BITS;
    zeros += ones(places < WORD_BITS ? ~open[word]! & ((1 << places) - 1) : ~open[word]!);
  }
  return zeros;
}

/**
 * Counts the ones of a word: in pairs of bits, in groups of four, then in all (Warren, "Hacker's Delight", 2012, section
 * 5-1).
 */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x5555_5555);
  const fours = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

/** Numbers values that are compared often: equal values get equal numbers, from 0 on. */
export class Numbering<T> {
  readonly #numbers = new Map<T, number>();

  get size(): number {
    return this.#numbers.size;
  }

  /** The number of a value, which must be a string or a number. */
  of(value: T): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(value, number);
    return number;
  }

  ofAll(values: ArrayLike<T>): Uint32Array {
    const numbers = new Uint32Array(values.length);
    for (let at = 0; at < values.length; at++) numbers[at] = this.of(values[at]!);
    return numbers;
  }
}
