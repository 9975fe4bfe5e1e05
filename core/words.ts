/** The words of texts in any script. */

/**
 * A word: letters with their marks. If the marks were left out, words with decomposed accents would be split,
 * and words in scripts of India.
 */
const WORD = /[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/gu;

/** The words of a text, in lower case. In scripts without spaces, a row of letters counts as one word. */
export function wordsOf(text: string): string[] {
  return (text.match(WORD) ?? []).map((word) => word.normalize("NFC").toLowerCase());
}
