/** The length of the longest common subsequence of two sequences of whole numbers. */

/** The bits of a machine word. All arithmetic uses signed 32-bit numbers, because engines keep them in registers. */
const WORD_BITS = 32;
const ALL_ONES = -1;
const NOWHERE = -1;

/**
 * Compares one sequence with many others. It is prepared in time proportional to the sequence's length. A
 * comparison then looks at each item of the other sequence. An item that occurs in the prepared sequence costs a few
 * operations for every 32 items of this sequence.
 *
 * It uses the bit-vector algorithm of Crochemore, Iliopoulos, Pinzon and Reid, "A fast and practical bit-vector
 * algorithm for the longest common subsequence problem" (2001). V begins with all ones. Each item of the other
 * sequence changes V to (V + (V ∧ M)) ∨ (V ∧ ¬M), where M marks the positions of the item in the prepared sequence.
 * The number of zeros in the final V is the length of the longest common subsequence.
 *
 * @example
 * ```ts
 * import { CommonSubsequence } from "./common_subsequence.ts";
 * import assert from "node:assert/strict";
 *
 * const common = new CommonSubsequence(10);
 * common.prepare([1, 2, 3, 4]);
 * assert.equal(common.lengthWith([2, 9, 4, 1]), 2);
 * ```
 */
export class CommonSubsequence {
  /** Item → the start of its mask in `#masks`, or `NOWHERE`. If a mask is a single machine word: item → its mask. */
  readonly #rows: Int32Array;
  /** A mask has one bit for each position of the prepared sequence. */
  #masks = new Int32Array(0);
  #open = new Int32Array(0);
  #found = new Int32Array(0);
  #length = 0;

  /** @param kinds A number that is larger than every item of all sequences. Memory grows with it. */
  constructor(kinds: number) {
    this.#rows = new Int32Array(kinds);
  }

  /**
   * Prepares a sequence in place of the one before.
   *
   * @param sequence Its items are whole numbers of at least 0.
   */
  prepare(sequence: ArrayLike<number>): void {
    this.#length = sequence.length;
    if (sequence.length <= WORD_BITS) {
      this.#rows.fill(0);
      for (let at = 0; at < sequence.length; at++) this.#rows[sequence[at]!]! |= 1 << at;
      return;
    }
    const words = Math.ceil(sequence.length / WORD_BITS);
    const masks = this.#masks = cleared(this.#masks, sequence.length * words);
    this.#open = new Int32Array(words);
    this.#rows.fill(NOWHERE);
    let used = 0;
    for (let at = 0; at < sequence.length; at++) {
      const item = sequence[at]!;
      if (this.#rows[item] === NOWHERE) {
        this.#rows[item] = used;
        used += words;
      }
      masks[this.#rows[item]! + (at >>> 5)]! |= 1 << (at & 31);
    }
  }

  /**
   * The length of the longest common subsequence of the prepared sequence and another: items in common order,
   * gaps allowed.
   */
  lengthWith(other: ArrayLike<number>): number {
    if (this.#length <= WORD_BITS) return zerosIn(openAfter(other, this.#rows), this.#length);
    if (this.#found.length < other.length) this.#found = new Int32Array(other.length);
    const count = findRows(this.#found, other, this.#rows);
    const open = this.#open.fill(ALL_ONES);
    for (let at = 0; at < count; at++) advance(open, this.#masks, this.#found[at]!);
    let zeros = 0;
    for (let word = 0; word < open.length; word++) {
      zeros += zerosIn(open[word]!, this.#length - word * WORD_BITS);
    }
    return zeros;
  }
}

/** An array of zeros with at least this length: the same array if it is long enough. */
function cleared(items: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  return items.length < length ? new Int32Array(length) : items.fill(0, 0, length);
}

/** The final V if each mask is one machine word. An item that does not occur has no ones, and changes nothing. */
function openAfter(other: ArrayLike<number>, masks: Int32Array): number {
  let open = ALL_ONES;
  for (let at = 0; at < other.length; at++) {
    const here = masks[other[at]!]!;
    open = (open + (open & here)) | (open & ~here);
  }
  return open;
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

/** How many of the lowest bits of a word are zeros. */
function zerosIn(word: number, bits: number): number {
  return ones(bits < WORD_BITS ? ~word & ((1 << bits) - 1) : ~word);
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
