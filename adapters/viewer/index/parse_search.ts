/** Reads what a user types into the search field. */
import { isUnspaced, wordsIn } from "./words.ts";

/** Words that must follow each other. If `isPrefix`, the last one is the beginning of a word. */
export type Term = Readonly<{ words: readonly string[]; isPrefix: boolean }>;

/** Terms that must all occur, or the reason why there is nothing to search for. */
export type ParsedSearch = Readonly<{ terms: readonly Term[] } | { problem: string }>;

/** The longest query, in characters. Longer texts are slow to search, and are probably no queries. */
const QUERY_CHARS_MAX = 500;
const TERMS_MAX = 20;

/**
 * The shortest beginning of a word that a user can search for, in letters. Shorter beginnings match most
 * words.
 */
const PREFIX_CHARS_MIN = 2;

/**
 * A phrase in quotation marks, or a word. An asterisk can follow. A phrase at the end can lack its last
 * quotation mark.
 */
const TERM = /["“”„«»]([^"“”„«»]*)(?:["“”„«»](\*)?|$)|([^\s"“”„«»]+)/gu;

/**
 * Reads words, "phrases" and word* beginnings. All other characters separate words, as they do in the texts. So no text
 * that a user types is a syntax error in the index.
 */
export function parseSearch(text: string): ParsedSearch {
  if (text.length > QUERY_CHARS_MAX) {
    return {
      problem: `Cannot search: the query has ${text.length} characters, expected at most ${QUERY_CHARS_MAX}`,
    };
  }
  const terms: Term[] = [];
  for (const [, phrase, star, word = ""] of text.normalize("NFKC").matchAll(TERM)) {
    const words = [...wordsIn(phrase ?? word)].map(({ word }) => word);
    const isPrefix = phrase === undefined ? word.endsWith("*") : star !== undefined;
    const last = words.at(-1);
    if (last === undefined) continue;
    if (isPrefix && last.length < PREFIX_CHARS_MIN && !isUnspaced(last)) {
      return {
        problem:
          `Cannot search for "${last}*": expected at least ${PREFIX_CHARS_MIN} letters before the asterisk`,
      };
    }
    terms.push({ words, isPrefix });
  }
  if (terms.length === 0) return { problem: "Cannot search: the query has no word" };
  if (terms.length > TERMS_MAX) {
    return { problem: `Cannot search: the query has ${terms.length} words, expected at most ${TERMS_MAX}` };
  }
  return { terms };
}

/** The query of the full-text index. Words have only letters, digits and marks, so nothing in them is syntax. */
export function matchOf(terms: readonly Term[], columns: readonly string[]): string {
  const all = terms.map(({ words, isPrefix }) => `"${words.join(" ")}"${isPrefix ? " *" : ""}`).join(" AND ");
  return `{${columns.join(" ")}} : (${all})`;
}
