/** Finds texts that repeat passages of other texts word for word. */

/** A passage of this many words is unlikely to be said twice by chance. */
const PASSAGE_WORDS = 6;

/** A text that is shorter than a passage is searched as a whole. It must have at least this many words. */
const SHORT_WORDS_MIN = 3;

const WORD = /[\p{L}\p{N}]+/gu;

/** The words of a text, in lower case and without punctuation. */
function wordsOf(text: string): string[] {
  return text.toLowerCase().match(WORD) ?? [];
}

/** All sequences of this many words, each as one text. */
function* sequences(words: readonly string[], length: number): Generator<string> {
  for (let start = 0; start + length <= words.length; start++) {
    yield words.slice(start, start + length).join(" ");
  }
}

/**
 * The passages of some texts: each sequence of six words, or a whole text of three to five words.
 *
 * @example
 * ```ts
 * import { Passages } from "./passages.ts";
 * import assert from "node:assert/strict";
 *
 * const passages = new Passages(["My brother lost his job in March."]);
 * assert.ok(passages.areIn('You wrote: "My brother lost his job, in March".'));
 * assert.ok(!passages.areIn("Your brother lost a job."));
 * ```
 */
export class Passages {
  /** Number of words → the passages of this length. */
  readonly #known = new Map<number, Set<string>>();

  /**
   * Collects the passages of texts.
   *
   * @param texts The texts whose passages `areIn()` looks for.
   * @param common Texts that anyone can write, such as the labels of a scale. Their passages are ignored.
   */
  constructor(texts: Iterable<string>, common: Iterable<string> = []) {
    const usual = [...common].map((text) => ` ${wordsOf(text).join(" ")} `);
    for (const text of texts) {
      const words = wordsOf(text);
      if (words.length < SHORT_WORDS_MIN) continue;
      const length = Math.min(words.length, PASSAGE_WORDS);
      const known = this.#known.get(length) ?? new Set();
      this.#known.set(length, known);
      for (const passage of sequences(words, length)) {
        if (!usual.some((text) => text.includes(` ${passage} `))) known.add(passage);
      }
    }
  }

  /** Whether a text contains at least one of the passages. */
  areIn(text: string): boolean {
    const words = wordsOf(text);
    for (const [length, known] of this.#known) {
      for (const passage of sequences(words, length)) if (known.has(passage)) return true;
    }
    return false;
  }
}
