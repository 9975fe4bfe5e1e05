/** Cuts a very long text into pieces, because a browser needs many seconds to draw an unbroken text of a megabyte. */

/** A piece ends at a line or a word if one ends in this many last characters. */
const SEARCHED_CHARS = 2_000;

/** Cuts a text into pieces of at most `chars` characters. Together they are the text. */
export function piecesOf(text: string, chars: number): readonly string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > chars) {
    const end = endIn(rest.slice(0, chars));
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  pieces.push(rest);
  return pieces;
}

/** Where a piece ends: after a line, after a word, or at least not within a character. */
function endIn(text: string): number {
  const from = Math.max(0, text.length - SEARCHED_CHARS);
  const line = text.lastIndexOf("\n");
  if (line >= from) return line + 1;
  const word = text.lastIndexOf(" ");
  if (word >= from) return word + 1;
  // Marks such as accents, and the second half of a character, belong to what is before them.
  const whole = text.replace(/[\p{M}\u200d]*[\ud800-\udbff]?$/u, "");
  return whole.length > from ? whole.length : text.length;
}
