/** Cuts a very long text into pieces, because a browser needs many seconds to draw an unbroken text of a megabyte. */

/** A piece ends after a line or a word, if one ends within this many characters before the limit. */
const SEARCHED_CHARS = 2_000;

/** What readers call characters: with accents, and with all parts of a composed emoji. */
const CHARACTERS = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** A code point has at most this many units of a string. */
const CODE_UNITS_MAX = 2;

/** Cuts a text into pieces of at most `chars` UTF-16 code units. Together, the pieces are the text. */
export function piecesOf(text: string, chars: number): readonly string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > chars) {
    const end = endIn(rest, chars);
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  pieces.push(rest);
  return pieces;
}

/**
 * Where a piece of at most `chars` code units ends: after a line, after a word, or at least not within a
 * character.
 */
function endIn(text: string, chars: number): number {
  const from = Math.max(0, chars - SEARCHED_CHARS);
  const line = text.lastIndexOf("\n", chars - 1);
  if (line >= from) return line + 1;
  const word = text.lastIndexOf(" ", chars - 1);
  if (word >= from) return word + 1;
  const around = text.slice(from, chars + CODE_UNITS_MAX);
  const { index } = CHARACTERS.segment(around).containing(chars - from)!;
  return index > 0 ? from + index : chars;
}
