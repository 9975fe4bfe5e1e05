/** Writes lists and long texts, cut to a limited length. */
import type { DistinctValues } from "../projections/mod.ts";
import { formatCount, plural } from "./numbers.ts";

/** A list names at most this many items. The others are counted. */
export const NAMED_MAX = 12;

/** A report shows at most this many characters of a text. The others are counted. */
const TEXT_SHOWN_MAX = 20_000;

/** Joins items: `a, b and c`. */
export function joined(items: readonly string[], conjunction = "and"): string {
  return items.length < 2
    ? items.join("")
    : `${items.slice(0, -1).join(", ")} ${conjunction} ${items.at(-1)}`;
}

/** Joins the first items and counts the rest: `a, b, c and 12 more`. */
export function named(items: readonly string[], complete = true): string {
  if (items.length <= NAMED_MAX && complete) return joined(items);
  const shown = items.slice(0, NAMED_MAX);
  const rest = items.length - shown.length;
  const more = complete
    ? `${formatCount(rest)} more`
    : rest === 0
    ? "more"
    : `more than ${formatCount(rest)} more`;
  return `${shown.join(", ")} and ${more}`;
}

/** Joins distinct values. Numbers are sorted. */
export function namedValues<T>(
  { values, complete }: DistinctValues<T>,
  textOf: (value: T) => string = String,
): string {
  const items = values.map(({ value }) => value);
  if (items.every((item) => typeof item === "number")) items.sort((a, b) => Number(a) - Number(b));
  return named(items.map(textOf), complete);
}

/** The number of distinct values: `12 names`, `more than 200 names`. */
export function howMany(
  { values, complete }: Readonly<{ values: readonly unknown[]; complete: boolean }>,
  noun: string,
  nouns?: string,
): string {
  return `${complete ? "" : "more than "}${plural(values.length, noun, nouns)}`;
}

/** Cuts a long text, and adds how many characters are missing. */
export function shortened(text: string, charactersMax: number = TEXT_SHOWN_MAX): string {
  if (text.length <= charactersMax) return text;
  const rest = text.length - charactersMax;
  // The cut can be between the two code units of one character, so `toWellFormed()` replaces half a character.
  return `${text.slice(0, charactersMax).toWellFormed()} … [${plural(rest, "more character")}]`;
}

export const QUOTED_MAX = 400;

/** A text in quotation marks, of limited length and on one line. */
export function quoted(text: string): string {
  return `“${shortened(text.replace(/\s+/g, " ").trim(), QUOTED_MAX)}”`;
}

/** Joins the parts that are not empty, one on each line. */
export function lines(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("\n");
}

/** A clause with a capital at its beginning. */
export function capital(clause: string): string {
  return clause.charAt(0).toUpperCase() + clause.slice(1);
}

/** A time for people: `2026-11-25 00:32 UTC`. */
export function timeText(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}
