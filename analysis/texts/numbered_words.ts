/**
 * Splits texts into words and gives each different word a number, so that measures compare numbers.
 *
 * There are two kinds of words. ROUGE compares sequences of a–z and 0–9. Distinct-n counts the words of all scripts,
 * as `wordsOf()` finds them: "don't" is two words for ROUGE, and one word for distinct-n.
 */
import { isAscii, wordsOf } from "../../core/words.ts";

/** The words of texts as numbers. The lists have one item for each text. */
export type NumberedWords = Readonly<{
  /** The words that ROUGE compares, without stemming, as in the Python package `rouge_score` 0.1.2. */
  rouge: readonly Uint32Array[];
  /** The words of all scripts. */
  all: readonly Uint32Array[];
  /** A number that is larger than the number of every word. */
  kinds: number;
}>;

/**
 * Numbers the words of texts. Equal words have equal numbers, and different words have different numbers.
 *
 * @example
 * ```ts
 * import { numberedWords } from "./numbered_words.ts";
 * import assert from "node:assert/strict";
 *
 * const { rouge, all } = numberedWords(["To be, or not to be", "Be!"]);
 * assert.deepEqual(rouge.map((words) => [...words]), [[0, 1, 2, 3, 0, 1], [1]]);
 * assert.deepEqual(all, rouge);
 * ```
 */
export function numberedWords(texts: readonly string[]): NumberedWords {
  const words = new WordNumbers();
  const rouge: Uint32Array[] = [];
  const all: Uint32Array[] = [];
  for (const text of texts) {
    words.read(text);
    rouge.push(words.rouge.taken());
    all.push(words.all.taken());
  }
  return { rouge, all, kinds: words.kinds };
}

/** ASCII character → its lower-case code if it is a letter or a digit, otherwise 0. */
const LETTERS = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code).toLowerCase();
  return /[a-z0-9]/.test(char) ? char.charCodeAt(0) : 0;
});

const APOSTROPHE = 39;
const HYPHEN = 45;

/** The constants of the hash FNV-1a with 32 bits (Fowler, Noll and Vo). */
const HASH_START = 0x811c_9dc5 | 0;
const HASH_FACTOR = 0x0100_0193;

const NO_WORD = -1;

/** Compound words are numbered by their parts. There are far fewer different words than this. */
const PARTS_MAX = 2 ** 26;

/** The numbers of words that were read so far. */
class WordNumbers {
  /** The words of the latest text. */
  readonly rouge = new NumberList();
  readonly all = new NumberList();
  /** How many numbers are in use. */
  kinds = 0;
  /** Hash table of the plain words: sequences of a–z and 0–9. A slot has the index of a word plus 1, or 0. */
  #slots = new Int32Array(256);
  /** The letters of all plain words, and the index of each word → the end of its letters, its hash and its number. */
  #letters = new Uint8Array(1024);
  #ends = new Int32Array(128);
  #hashes = new Int32Array(128);
  #numbers = new Int32Array(128);
  #plain = 0;
  /** The parts of a compound word such as "don't" → its number. */
  readonly #compounds = new Map<number, number>();
  /** Words that have other characters than ASCII. */
  readonly #others = new Map<string, number>();

  /** Reads the words of a text. They follow those that were not taken yet. */
  read(text: string): void {
    if (isAscii(text)) return this.#readAscii(text, true, true);
    // The result is the same as for ASCII. It takes longer.
    this.#readAscii(text.toLowerCase(), true, false);
    for (const word of wordsOf(text)) {
      if (isAscii(word)) this.#readAscii(word, false, true);
      else this.all.add(this.#numberIn(this.#others, word));
    }
  }

  /** Reads words of a–z and 0–9. In compound words, one apostrophe or hyphen is between two of them. */
  #readAscii(text: string, forRouge: boolean, forAll: boolean): void {
    this.#makeRoom(text.length);
    const letters = this.#letters;
    let end = this.#lettersEnd;
    let [hash, length, gap, sign, word] = [HASH_START, 0, 0, 0, NO_WORD];
    for (let at = 0; at <= text.length; at++) {
      // The position after the end counts as a space.
      const code = at < text.length ? text.charCodeAt(at) : 0;
      const letter = code < LETTERS.length ? LETTERS[code]! : 0;
      if (letter !== 0) {
        letters[end + length++] = letter;
        hash = Math.imul(hash ^ letter, HASH_FACTOR);
        continue;
      }
      if (length > 0) {
        const number = this.#numberOfPlain(hash, length);
        end = this.#lettersEnd;
        if (forRouge) this.rouge.add(number);
        if (forAll) {
          if (word !== NO_WORD && gap === 1 && (sign === APOSTROPHE || sign === HYPHEN)) {
            word = this.#numberIn(this.#compounds, (2 * word + Number(sign === HYPHEN)) * PARTS_MAX + number);
          } else {
            if (word !== NO_WORD) this.all.add(word);
            word = number;
          }
        }
        [hash, length, gap] = [HASH_START, 0, 0];
      }
      gap++;
      sign = code;
    }
    if (word !== NO_WORD) this.all.add(word);
  }

  get #lettersEnd(): number {
    return this.#plain === 0 ? 0 : this.#ends[this.#plain - 1]!;
  }

  #makeRoom(length: number): void {
    const needed = this.#lettersEnd + length;
    if (needed <= this.#letters.length) return;
    const letters = new Uint8Array(Math.max(needed, 2 * this.#letters.length));
    letters.set(this.#letters);
    this.#letters = letters;
  }

  /** The number of the word whose letters come after the letters of all earlier words. */
  #numberOfPlain(hash: number, length: number): number {
    let slot = this.#firstSlot(hash);
    for (; this.#slots[slot] !== 0; slot = this.#slotAfter(slot)) {
      const index = this.#slots[slot]! - 1;
      if (this.#hashes[index] === hash && this.#isLatest(index, length)) return this.#numbers[index]!;
    }
    const index = this.#plain;
    this.#ends[index] = this.#lettersEnd + length;
    this.#hashes[index] = hash;
    const number = this.#numbers[index] = this.kinds++;
    this.#slots[slot] = ++this.#plain;
    if (this.#plain === this.#ends.length) this.#grow();
    return number;
  }

  /** Whether the letters that come after all words are the letters of this word. */
  #isLatest(index: number, length: number): boolean {
    const start = index === 0 ? 0 : this.#ends[index - 1]!;
    if (this.#ends[index]! - start !== length) return false;
    const latest = this.#lettersEnd;
    for (let at = 0; at < length; at++) {
      if (this.#letters[start + at] !== this.#letters[latest + at]) return false;
    }
    return true;
  }

  #grow(): void {
    this.#ends = larger(this.#ends, 2 * this.#plain);
    this.#hashes = larger(this.#hashes, 2 * this.#plain);
    this.#numbers = larger(this.#numbers, 2 * this.#plain);
    // Half of the slots are free, so that searches are short.
    this.#slots = new Int32Array(4 * this.#plain);
    for (let index = 0; index < this.#plain; index++) {
      let slot = this.#firstSlot(this.#hashes[index]!);
      while (this.#slots[slot] !== 0) slot = this.#slotAfter(slot);
      this.#slots[slot] = index + 1;
    }
  }

  #firstSlot(hash: number): number {
    return (hash ^ hash >>> 15) & (this.#slots.length - 1);
  }

  #slotAfter(slot: number): number {
    return (slot + 1) & (this.#slots.length - 1);
  }

  #numberIn<Key>(words: Map<Key, number>, key: Key): number {
    let number = words.get(key);
    if (number === undefined) words.set(key, number = this.kinds++);
    return number;
  }
}

/** A list of numbers that grows, and of which the latest numbers can be taken. */
class NumberList {
  #items = new Uint32Array(256);
  #start = 0;
  #end = 0;

  add(number: number): void {
    if (this.#end === this.#items.length) {
      const latest = this.#items.subarray(this.#start, this.#end);
      const items = new Uint32Array(Math.max(this.#items.length, 2 * latest.length));
      items.set(latest);
      [this.#items, this.#start, this.#end] = [items, 0, latest.length];
    }
    this.#items[this.#end++] = number;
  }

  /** The numbers that were not taken before. */
  taken(): Uint32Array {
    const numbers = this.#items.subarray(this.#start, this.#end);
    this.#start = this.#end;
    return numbers;
  }
}

function larger(items: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(length);
  copy.set(items);
  return copy;
}
