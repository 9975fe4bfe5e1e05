/** Longest common subsequences, 32 places of a sequence at a time. */

/** Places that are compared at a time. All arithmetic is that of 32 bits with a sign, which engines do in registers. */
export const WORD_BITS = 32;
const ALL_ONES = -1;

/** A sequence that others can be compared with. Items are whole numbers of at least 0. */
export type Comparable = Readonly<{
  length: number;
  /** The length of the longest common subsequence with another sequence: items in common order, gaps allowed. */
  commonWith: (other: ArrayLike<number>) => number;
}>;

/**
 * Prepares a sequence. Preparing takes time in proportion to its length; a comparison takes, for every item of the
 * other sequence that occurs in this one, a few operations per 32 items of this one.
 *
 * The bit-vector algorithm of Crochemore, Iliopoulos, Pinzon and Reid, "A fast and practical bit-vector algorithm for
 * the longest common subsequence problem" (2001): V ← (V + (V ∧ M)) ∨ (V ∧ ¬M) over the items of the other sequence, M
 * being the places of the item in this one; the zeros of V at the end are the length.
 *
 * @param sequence The items.
 * @param kinds All items, those of other sequences too, are below it; memory grows with it.
 *
 * @example
 * ```ts
 * import { comparable } from "./longest_common.ts";
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

/** For every item where its mask begins, or that it is nowhere; and the masks, a bit for every place of the item. */
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
 * Writes the rows of those items of another sequence that have one. Whether an item has one is as good as chance, so
 * that a branch on it would cost more than all else: every row is written, and overwritten where it is none.
 *
 * @returns How many there are.
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

/** The sum carries from word to word; what it carries beyond the last is lost, as are the sequence's missing places. */
function advance(open: Int32Array, masks: Int32Array, row: number): void {
  let carry = 0;
  for (let word = 0; word < open.length; word++) {
    const before = open[word]!;
    const here = masks[row + word]!;
    const matched = before & here;
    const sum = (before + matched + carry) | 0;
    // A sum without sign carries where both have the highest bit, or one of them has and the sum has lost it.
    carry = (matched | (before & ~sum)) >>> 31;
    open[word] = sum | (before & ~here);
  }
}

/** The zeros among the places that the sequence has. */
function zerosOf(open: Int32Array, length: number): number {
  let zeros = 0;
  for (let word = 0; word < open.length; word++) {
    const places = length - word * WORD_BITS;
    zeros += ones(places < WORD_BITS ? ~open[word]! & ((1 << places) - 1) : ~open[word]!);
  }
  return zeros;
}

/** The ones of a word, summed over ever longer runs of bits (Warren, "Hacker's Delight", 2012, section 5-1). */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x5555_5555);
  const fours = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}
