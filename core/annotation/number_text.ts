/** Numbers in replies. */
import { losesDigits } from "../json.ts";

/** Dashes stand for a minus where they touch a number and nothing that they could join it to. */
const SIGN = "(?:[+\\-−–‐‑‒—﹣－]|(?:minus|negative)\\s+)?";
const DIGITS = "(?:\\d+(?:\\.\\d+)?|\\.\\d+)(?:e[+\\-]?\\d+)?";

/** A sign. */
const NO_DIGITS = /^[^\d.]+/;

const LONE = new RegExp(`^${SIGN}${DIGITS}$`, "iu");

/** A number that is no part of a word ("GPT-4", "5-point"), of a date, of a version or of a number in another notation. */
const MENTIONED = new RegExp(
  `(?<![\\p{L}\\p{N}_.,]|\\p{L}[-‐‑])${SIGN}${DIGITS}(?![\\p{L}\\p{N}_]|[.,]+\\d|[-‐‑]\\p{L})`,
  "giu",
);

/** The number that a text is; `null` when it is more, or none, or has more digits than can be kept. */
export function loneNumber(text: string): number | null {
  return LONE.test(text) && isExact(text) ? numberOf(text) : null;
}

/** A number in a text. */
export type MentionedNumber = Readonly<{
  number: number;
  written: string;
  start: number;
  end: number;
  /** Whether it is the number that is written, in contrast to a whole number next to it. */
  isExact: boolean;
}>;

/** The numbers that stand in a text. */
export function mentionedNumbers(text: string): readonly MentionedNumber[] {
  return [...text.matchAll(MENTIONED)].map(({ 0: written, index: start }) => ({
    number: numberOf(written),
    written,
    start,
    end: start + written.length,
    isExact: isExact(written),
  }));
}

/** Fractions are rounded; a whole number that is another one than was written would be a wrong value. */
function isExact(text: string): boolean {
  const digits = text.replace(NO_DIGITS, "");
  const number = Number(digits);
  return !Number.isInteger(number) || !losesDigits(digits, number);
}

function numberOf(text: string): number {
  const digits = Number(text.replace(NO_DIGITS, ""));
  // Zero has no sign on any scale.
  return /^[\d.+]/.test(text) ? digits : -digits || 0;
}
