/** The words of texts in any script. */

/**
 * Letters with their marks. Without the marks, words with decomposed accents and in scripts of India would be split.
 */
const WORD = /[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/gu;

/** The words of a text, in lower case; in scripts without spaces, a run of letters is one word. */
export function wordsOf(text: string): string[] {
  return (text.match(WORD) ?? []).map((word) => word.normalize("NFC").toLowerCase());
}
