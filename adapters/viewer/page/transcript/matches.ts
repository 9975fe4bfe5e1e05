/** Finds the words of a search in the comments of one discussion. */

/** A part of a text; `isHit` is a match. */
export type MatchedPart = Readonly<{ text: string; isHit: boolean }>;

/** At most this many terms are looked for. */
const TERMS_MAX = 20;

/** The terms of a search: words, "phrases" and word* beginnings. */
export function searchTerms(query: string): readonly string[] {
  const found = query.matchAll(/"([^"]+)"|(\S+)/g);
  return [...found.map(([, phrase, word]) => (phrase ?? word!.replaceAll(/^"|\*+$/g, "")).trim())]
    .filter((term) => term !== "").slice(0, TERMS_MAX);
}

/** Whether a text has all terms, without regard to case. */
export function hasTerms(text: string | null, terms: readonly string[]): boolean {
  return text !== null && terms.length > 0 && terms.every((term) => patternOf([term]).test(text));
}

/** Cuts a text at its matches. */
export function matchedParts(text: string, terms: readonly string[]): readonly MatchedPart[] {
  if (terms.length === 0) return [{ text, isHit: false }];
  const parts: MatchedPart[] = [];
  let end = 0;
  for (const { 0: hit, index } of text.matchAll(patternOf(terms))) {
    if (index > end) parts.push({ text: text.slice(end, index), isHit: false });
    parts.push({ text: hit, isHit: true });
    end = index + hit.length;
  }
  if (end < text.length || parts.length === 0) parts.push({ text: text.slice(end), isHit: false });
  return parts;
}

function patternOf(terms: readonly string[]): RegExp {
  const longestFirst = terms.toSorted((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map((term) => RegExp.escape(term)).join("|"), "giu");
}
