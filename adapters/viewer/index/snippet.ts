/** Cuts a snippet around the first match in a text, and marks the matches in it. */
import type { SnippetPart } from "../api.ts";
import type { Term } from "./parse_search.ts";
import { type Word, wordsIn } from "./words.ts";

/** How many characters a snippet has before and after the beginning of the first match. */
const BEFORE_CHARS = 60;
const AFTER_CHARS = 180;
const WORD_CHARS_MAX = 30;

/** At most this many characters are searched for the first match. The snippet of a longer text can be its beginning. */
const SEARCHED_CHARS_MAX = 2_000_000;

type Span = Readonly<{ start: number; end: number }>;

/** The snippet around the first match of any term; `null` if the text has no match. */
export function snippetOf(text: string, terms: readonly Term[]): readonly SnippetPart[] | null {
  const searched = text.slice(0, SEARCHED_CHARS_MAX);
  for (const { start } of matchesIn(searched, terms)) return cut(text, start, terms);
  return null;
}

/** The beginning of a text as a snippet, for texts in which no match is marked. */
export function beginningOf(text: string): readonly SnippetPart[] {
  return cut(text, 0, []);
}

function cut(text: string, around: number, terms: readonly Term[]): readonly SnippetPart[] {
  const from = wholeWord(text, Math.max(0, around - BEFORE_CHARS), around);
  const to = wholeCharacter(text, Math.min(text.length, around + AFTER_CHARS));
  const piece = text.slice(from, to);
  const parts: SnippetPart[] = [];
  const add = (part: string, hit: boolean) => void (part !== "" && parts.push({ text: part, hit }));
  if (from > 0) add("… ", false);
  let at = 0;
  for (const { start, end } of matchesIn(piece, terms)) {
    if (start < at) continue;
    add(piece.slice(at, start), false);
    add(piece.slice(start, end), true);
    at = end;
  }
  add(piece.slice(at), false);
  if (to < text.length) add(" …", false);
  return parts;
}

/**
 * Moves the beginning of a snippet behind the next space, if a space follows soon. Then the snippet does not
 * begin within a word.
 */
function wholeWord(text: string, from: number, around: number): number {
  if (from === 0) return 0;
  const space = text.slice(from, around).search(/\s/u);
  return wholeCharacter(text, space === -1 || space > WORD_CHARS_MAX ? from : from + space + 1);
}

/** Moves an index that points into a character to the beginning of this character. */
function wholeCharacter(text: string, at: number): number {
  const isWithin = at > 0 && at < text.length && text.charCodeAt(at) >> 10 === 0x37 &&
    text.charCodeAt(at - 1) >> 10 === 0x36;
  return isWithin ? at - 1 : at;
}

/** The matches of all terms, in the order of their ends. */
function* matchesIn(text: string, terms: readonly Term[]): Generator<Span> {
  const longest = Math.max(0, ...terms.map(({ words }) => words.length));
  /** The latest words: as many as the longest term has. */
  const last: Word[] = [];
  for (const word of wordsIn(text)) {
    if (last.push(word) > longest) last.shift();
    for (const term of terms) {
      if (endsWith(last, term)) {
        yield { start: last[last.length - term.words.length]!.start, end: word.end };
        break;
      }
    }
  }
}

function endsWith(last: readonly Word[], { words, isPrefix }: Term): boolean {
  const offset = last.length - words.length;
  return offset >= 0 && words.every((wanted, at) => {
    const { word } = last[offset + at]!;
    return word === wanted || isPrefix && at === words.length - 1 && word.startsWith(wanted);
  });
}
