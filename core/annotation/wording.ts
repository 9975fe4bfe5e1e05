/** Words of a reply: what stands around an answer, when two texts are the same, and which names a reply mentions. */

/** What models put around an answer without meaning anything by it; a point in front of a digit would mean something. */
const WRAPPING_BEFORE = /^[\s"'“”‘’«»`*_()[\]]+/u;
/** Tried at the beginning of each run alone: a run in the middle of a long reply would cost its square otherwise. */
const WRAPPING_AFTER = /(?<![\s"'“”‘’«»`*_.,;:!()[\]])[\s"'“”‘’«»`*_.,;:!()[\]]+$/u;

/** Marks of the direction of writing, and of how an emoji is drawn: nobody sees whether they are there. */
const INVISIBLE = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufe0e\ufe0f]/gu;

/** What begins or ends inside of a longer word, a hyphenated one or an emoji of several is no word of its own. */
const WORD_BEGINS = "(?<![\\p{L}\\p{M}\\p{N}_\\u200d]|[\\p{L}\\p{N}][-‐‑'’])";
const WORD_ENDS = "(?![\\p{L}\\p{M}\\p{N}_\\u200d]|[-‐‑'’][\\p{L}\\p{N}])";

/** A negation in front of a name, with one word between them at most: "not toxic", "isn't very toxic". */
const NEGATION =
  /(?<![\p{L}\p{N}])(?:not|never|neither|nor|hardly|cannot|\p{L}{1,9}n['’]t)\s+(?:\p{L}+\s+)?["'“‘*_`]*$/u;

/** How far a negation is looked for in front of a name, in characters. */
const NEGATION_REACH = 60;

/** Which names a reply mentions. */
export type Mentions = Readonly<{
  said: readonly string[];
  /** Those that the reply denies: "not toxic" says neither that it is toxic nor what it is instead. */
  denied: readonly string[];
}>;

/** A text without what nobody sees. */
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

function lowered(text: string): string {
  return visible(text).normalize("NFC").toLowerCase();
}

/** The same for labels that an answer cannot tell apart. */
export function foldedLabel(label: string): string {
  return folded(unwrapped(visible(label))) || folded(label);
}

/**
 * The names that stand in a reply as words of their own; inside of a longer one, a shorter one does not count.
 *
 * @param names The names.
 * @param reply The reply.
 * @param denies What else makes a mention one that says nothing: told the name and the text after it.
 */
export function mentions(
  names: readonly string[],
  reply: string,
  denies: (name: string, after: string) => boolean = () => false,
): Mentions {
  const said: string[] = [];
  const denied: string[] = [];
  let rest = lowered(reply);
  const wanted = names.map((name) => ({ name, text: folded(name) })).filter(({ text }) => text !== "");
  for (const { name, text } of wanted.sort((a, b) => b.text.length - a.text.length)) {
    const words = text.split(" ");
    if (!rest.includes(words[0]!)) continue;
    const pattern = new RegExp(`${WORD_BEGINS}${words.map(RegExp.escape).join("\\s+")}${WORD_ENDS}`, "gu");
    rest = rest.replace(pattern, (found: string, at: number, all: string) => {
      const end = at + found.length;
      const before = all.slice(Math.max(0, at - NEGATION_REACH), at);
      const after = all.slice(end, end + NEGATION_REACH);
      (NEGATION.test(before) || denies(name, after) ? denied : said).push(name);
      return "\u0000";
    });
  }
  return { said: [...new Set(said)], denied: [...new Set(denied)] };
}
