/** Longest common subsequences, 32 places of a sequence at a time. */

/** Bits of a word. */
const WORD_BITS = 32;
const WORD_SPAN = 2 ** WORD_BITS;
const ALL_ONES = 0xffff_ffff;

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
 * @param sequence The items; memory grows with the largest of them, so number them from 0 on.
 *
 * @example
 * ```ts
 * import { comparable } from "./longest_common.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(comparable([1, 2, 3, 4]).commonWith([2, 9, 4, 1]), 2);
 * ```
 */
export function comparable(sequence: ArrayLike<number>): Comparable {
  const { length } = sequence;
  const words = Math.ceil(length / WORD_BITS);
  const { rows, masks } = placesOf(sequence, words);
  const open = new Uint32Array(words);
  const commonWith = (other: ArrayLike<number>): number => {
    open.fill(ALL_ONES);
    for (let at = 0; at < other.length; at++) {
      const row = rows[other[at]!] ?? NOWHERE;
      if (row !== NOWHERE) advance(open, masks, row);
    }
    let zeros = 0;
    for (let at = 0; at < length; at++) zeros += ~(open[at >>> 5]! >>> (at & 31)) & 1;
    return zeros;
  };
  return { length, commonWith };
}

const NOWHERE = -1;

/** For every item where its mask begins, or that it is nowhere; and the masks, a bit for every place of the item. */
function placesOf(sequence: ArrayLike<number>, words: number): { rows: Int32Array; masks: Uint32Array } {
  let largest = -1;
  for (let at = 0; at < sequence.length; at++) largest = Math.max(largest, sequence[at]!);
  const rows = new Int32Array(largest + 1).fill(NOWHERE);
  const masks = new Uint32Array(sequence.length * words);
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

/** The sum carries from word to word; what it carries beyond the last is lost, as are the sequence's missing places. */
function advance(open: Uint32Array, masks: Uint32Array, row: number): void {
  let carry = 0;
  for (let word = 0; word < open.length; word++) {
    const before = open[word]!;
    const here = masks[row + word]!;
    const sum = before + ((before & here) >>> 0) + carry;
    carry = sum >= WORD_SPAN ? 1 : 0;
    open[word] = sum | (before & ~here);
  }
}
