/** Compares texts, removes signs around answers, and finds the names that a reply mentions. */

/** Signs that mean nothing in front of an answer. A point is not one of them: ".5" is not "5". */
const WRAPPING_BEFORE = /^[\s"'“”‘’«»`*_()[\]]+/u;
/**
 * Signs that mean nothing after an answer. The pattern matches only from the first sign of a row of signs.
 * Otherwise a long row of signs would take quadratic time.
 */
const WRAPPING_AFTER = /(?<![\s"'“”‘’«»`*_.,;:!()[\]])[\s"'“”‘’«»`*_.,;:!()[\]]+$/u;

/** Invisible marks: they set the direction of writing, or the form in which an emoji is drawn. */
const INVISIBLE = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufe0e\ufe0f]/gu;

/**
 * A word does not begin or end inside a longer word, a hyphenated word, or an emoji that consists of several
 * emoji.
 */
const WORD_BEGINS = "(?<![\\p{L}\\p{M}\\p{N}_\\u200d]|[\\p{L}\\p{N}][-‐‑'’])";
const WORD_ENDS = "(?![\\p{L}\\p{M}\\p{N}_\\u200d]|[-‐‑'’][\\p{L}\\p{N}])";

/** The character that replaces a name after it was found. It is neither a letter nor a space. */
const BLANK = "\ufffc";

export type Mention = Readonly<{ name: string; start: number; end: number }>;

export function visible(text: string): string {
  return text.replace(INVISIBLE, "").trim();
}

/** An answer without quotes, emphasis, brackets and punctuation around it. */
export function unwrapped(text: string): string {
  return text.replace(WRAPPING_BEFORE, "").replace(WRAPPING_AFTER, "");
}

/**
 * Folds a text. Two texts have the same result if they differ only in case, in the amount and kind of white
 * space, or in normal form.
 */
export function folded(text: string): string {
  return lowered(text).replace(/\s+/g, " ");
}

/** A text in lower case and in one normal form, without invisible characters. */
export function lowered(text: string): string {
  return visible(text).normalize("NFC").toLowerCase();
}

/**
 * Folds a label. Two labels have the same result if they differ only in case, white space, normal form or
 * outer signs.
 */
export function foldedLabel(label: string): string {
  return folded(unwrapped(visible(label))) || folded(label);
}

/**
 * Finds names that are whole words of a text, longest names first. In `rest`, each found name is replaced by
 * `BLANK`.
 */
export function mentionsOf(
  names: readonly string[],
  text: string,
): Readonly<{ mentions: readonly Mention[]; rest: string }> {
  const mentions: Mention[] = [];
  let rest = text;
  const wanted = names.map((name) => ({ name, text: folded(name) })).filter(({ text }) => text !== "");
  for (const { name, text } of wanted.sort((a, b) => b.text.length - a.text.length)) {
    const words = text.split(" ");
    if (!rest.includes(words[0]!)) continue;
    const pattern = new RegExp(`${WORD_BEGINS}${words.map(RegExp.escape).join("\\s+")}${WORD_ENDS}`, "gu");
    rest = rest.replace(pattern, (found: string, start: number) => {
      mentions.push({ name, start, end: start + found.length });
      return BLANK.repeat(found.length);
    });
  }
  return { mentions, rest };
}

const LETTER = "[\\p{L}\\p{M}\\p{N}_]";

/** A pattern that matches alternatives as whole words; `_` is any space. */
export function wholeWords(alternatives: string): string {
  return `(?<!${LETTER})(?:${alternatives.replaceAll("_", "\\s+")})(?!${LETTER})`;
}
