/** Finds the words of texts and queries, in all scripts, as the full-text index sees them. */

/**
 * The tokenizer of the index. Combining marks, such as vowel signs, belong to words, since scripts of India
 * and South-East Asia cannot be read without these marks.
 */
export const TOKENIZER = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'";

/**
 * Scripts without spaces between words. Each character of these scripts counts as a word. So the search needs
 * no dictionary that splits sentences into words, and a query finds its text anywhere in a sentence.
 */
const UNSPACED =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]/u;
const EACH_UNSPACED = new RegExp(UNSPACED, "gu");

const WORD = new RegExp(`${UNSPACED.source}|(?:(?!${UNSPACED.source})[\\p{L}\\p{N}\\p{M}\\p{Co}])+`, "gu");

// deno-lint-ignore no-control-regex -- it is the range of ASCII.
const ASCII = /^[\x00-\x7f]*$/;

const ACCENTS = /[\u0300-\u036f]/g;

/**
 * The text as the index gets it: normalised (NFKC), and with spaces around each character of a script without
 * spaces.
 */
export function indexedText(text: string): string {
  if (ASCII.test(text)) return text;
  const normal = text.normalize("NFKC");
  return UNSPACED.test(normal) ? normal.replace(EACH_UNSPACED, " $& ") : normal;
}

/**
 * A word of a text, without accents and in lower case. `start` and `end` are its place in the text, in UTF-16
 * code units.
 */
export type Word = Readonly<{ word: string; start: number; end: number }>;

/** The words of a text, one after the other, so that a reader of a long text can stop early. */
export function* wordsIn(text: string): Generator<Word> {
  for (const { 0: found, index } of text.matchAll(WORD)) {
    const word = found.normalize("NFKD").replace(ACCENTS, "").normalize("NFC").toLowerCase();
    if (word !== "") yield { word, start: index, end: index + found.length };
  }
}

/** Whether a word is one character of a script without spaces. */
export function isUnspaced(word: string): boolean {
  return UNSPACED.test(word);
}
