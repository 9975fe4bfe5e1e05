/** The words of texts in any script. */

/**
 * A word: letters with their marks. If the marks were left out, words with decomposed accents would be split,
 * and words in scripts of India.
 */
const WORD = /[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/gu;

const ASCII_WORD = /[a-z0-9]+(?:['-][a-z0-9]+)*/g;

// deno-lint-ignore no-control-regex -- these are all characters of ASCII
const ASCII = /^[\x00-\x7f]*$/;

/** Whether a text has only characters of ASCII. */
export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

/** The words of a text, in lower case. In scripts without spaces, a row of letters counts as one word. */
export function wordsOf(text: string): string[] {
  // The result is the same. No word of ASCII needs to be normalised.
  if (isAscii(text)) return text.toLowerCase().match(ASCII_WORD) ?? [];
  return (text.match(WORD) ?? []).map((word) => word.normalize("NFC").toLowerCase());
}
