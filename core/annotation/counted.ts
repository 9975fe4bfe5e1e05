/** Numbers that count or name something else than a value: "3 points are made", "in sentence 2", "3 €". */
import { COUNT_WORDS, VALUE_UNITS, VALUE_WORDS_AFTER } from "./count_words.ts";

/** How far around a number its neighbours are looked at, in UTF-16 code units. */
const REACH = 60;

/** Emphasis and quotation marks, and tags that mean no more than these. */
const EMPHASIS = "(?:[\"'“”‘’«»*_`]|</?(?:b|i|u|em|strong|code|mark|span)>)*";
const SPACE = "[^\\S\\n\\r]+";

const WORD_AFTER = new RegExp(`^${EMPHASIS}${SPACE}${EMPHASIS}\\p{L}`, "u");
const VALUE_WORD_AFTER = new RegExp(`^${EMPHASIS}${SPACE}${EMPHASIS}${VALUE_WORDS_AFTER}`, "u");

/** Money and angles; a dollar sign on both sides stands around a formula. */
const SIGN_AFTER = /^[^\S\n\r]?(?:(?!\$)\p{Sc}|°|×)/u;
const SIGN_BEFORE = /(?!\$)\p{Sc}[^\S\n\r]?$/u;

/** "#3", "sentence 2", "there are 3". */
const NAMED_BEFORE = new RegExp(
  `(?:#|№\\s?|${COUNT_WORDS}${SPACE}(?:(?:only|exactly|about)${SPACE})?${EMPHASIS})$`,
  "u",
);

/** "Im 3. Satz": the point belongs to the number. */
const ORDINAL_BEFORE = /(?<!\p{L})(?:der|die|das|den|dem|des|im|am|zum|zur|vom|beim|ins)\s+$/u;
const ORDINAL_AFTER = /^\.[^\S\n\r]+\p{L}/u;

/** A unit of values counts where it ends what is said: "It makes 3 points" is no value. */
const UNIT_AFTER = new RegExp(
  `^${EMPHASIS}${SPACE}${EMPHASIS}${VALUE_UNITS}${EMPHASIS}(?:\\s*(?:$|[.,;:!(\\n\\r–—])|${SPACE}(?:-|${VALUE_WORDS_AFTER}))`,
  "u",
);
const BEGINNING = /(?:^|[\n\r:=])[^\p{L}\p{N}\n\r:=]*$/u;

/**
 * Whether a number counts or names something else than a value, or may do so: a word stands right behind it that does not
 * follow on values.
 *
 * @param text The reply in lower case.
 * @param number Where the number stands, in UTF-16 code units.
 */
export function isCounted(text: string, { start, end }: Readonly<{ start: number; end: number }>): boolean {
  const before = text.slice(Math.max(0, start - REACH), start);
  const after = text.slice(end, end + REACH);
  if (SIGN_AFTER.test(after) || SIGN_BEFORE.test(before) || NAMED_BEFORE.test(before)) return true;
  if (before.endsWith("$") && !/^[.\s]*\$/.test(after)) return true;
  if (ORDINAL_AFTER.test(after) && ORDINAL_BEFORE.test(before)) return true;
  if (!WORD_AFTER.test(after) || VALUE_WORD_AFTER.test(after)) return false;
  return !(UNIT_AFTER.test(after) && BEGINNING.test(before));
}
