/** Words of a reply: what stands around an answer, when two texts are the same, and which names a reply mentions. */

/** What models put around an answer without meaning anything by it; a point in front of a digit would mean something. */
const WRAPPING_BEFORE = /^[\s"'“”‘’«»`*_()[\]]+/u;
/** Tried at the beginning of each run alone: a run in the middle of a long reply would cost its square otherwise. */
const WRAPPING_AFTER = /(?<![\s"'“”‘’«»`*_.,;:!()[\]])[\s"'“”‘’«»`*_.,;:!()[\]]+$/u;

/** Marks of the direction of writing, and of how an emoji is drawn: they are invisible. */
const INVISIBLE = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufe0e\ufe0f]/gu;

/** What begins or ends inside of a longer word, a hyphenated one or an emoji of several is no word of its own. */
const WORD_BEGINS = "(?<![\\p{L}\\p{M}\\p{N}_\\u200d]|[\\p{L}\\p{N}][-‐‑'’])";
const WORD_ENDS = "(?![\\p{L}\\p{M}\\p{N}_\\u200d]|[-‐‑'’][\\p{L}\\p{N}])";

/** Stands for what was found already: neither a letter nor a space. */
const BLANK = "\ufffc";

export type Mention = Readonly<{ name: string; start: number; end: number }>;

export function visible(text: string): string {
  return text.replace(INVISIBLE, "").trim();
}

/** An answer without quotes, emphasis, brackets and punctuation around it. */
export function unwrapped(text: string): string {
  return text.replace(WRAPPING_BEFORE, "").replace(WRAPPING_AFTER, "");
}

/** The same for texts that differ in case, spaces or normal form alone. */
export function folded(text: string): string {
  return lowered(text).replace(/\s+/g, " ");
}

/** A text in which case, normal form and invisible characters make no difference. */
export function lowered(text: string): string {
  return visible(text).normalize("NFC").toLowerCase();
}

/** The same for labels that an answer cannot tell apart. */
export function foldedLabel(label: string): string {
  return folded(unwrapped(visible(label))) || folded(label);
}

/** Where names stand in a text as words of their own, longest first, and the text with each of them blanked out. */
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

/** A pattern of alternatives that stand as words of their own; `_` is any space. */
export function wholeWords(alternatives: string): string {
  return `(?<!${LETTER})(?:${alternatives.replaceAll("_", "\\s+")})(?!${LETTER})`;
}
