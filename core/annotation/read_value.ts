/** Reading a reply as one scale's value: strictly, so that nothing is guessed. */
import { NO, unknownScale, YES } from "./answer_grammar.ts";
import type { Scale, ScaleValue } from "./codebook.ts";

/** A reply's value, or why it has none, for people. */
export type ReadValue = Readonly<{ value: ScaleValue } | { problem: string }>;

/** What models put around an answer without meaning anything by it. */
const WRAPPING = /^[\s"'“”‘’«»`*_.()[\]]+|[\s"'“”‘’«»`*_.,;:!()[\]]+$/gu;

/** A number that is no part of a word, of a date or of a version. */
const NUMBER = /(?<![\p{L}\p{N}_.,])[+\-−]?\d+(?:\.\d+)?(?![\p{L}\p{N}_]|[.,]\d)/gu;

/** The answers that yes-or-no scales take. */
const TRUTHS: Readonly<Record<string, boolean>> = { [YES]: true, [NO]: false, true: true, false: false };

/** Longest reply whose values are looked for, in characters; a longer one is no answer. */
const REPLY_LENGTH_MAX = 20_000;

/**
 * Reads a reply.
 *
 * @param scale What was asked.
 * @param reply The reply, as the model gave it.
 * @returns The one valid value that it holds; with several different ones, or none, what is wrong.
 */
export function readValue(scale: Scale, reply: string): ReadValue {
  if (scale.type === "text") return readText(reply, scale.maxLength);
  const bare = unwrapped(reply);
  if (bare === "") return { problem: "the reply is empty" };
  const whole = wholeValue(scale, bare);
  if (whole !== null) return { value: whole };
  if (scale.grammar === "exact") return { problem: "the reply is more than an answer" };
  if (reply.length > REPLY_LENGTH_MAX) {
    return { problem: `the reply has more than ${REPLY_LENGTH_MAX} characters` };
  }
  const values = new Set(mentionedValues(scale, reply));
  if (values.size === 1) return onlyValue(scale, [...values][0]!);
  if (values.size === 0) return { problem: "the reply holds no answer" };
  return { problem: `the reply holds several answers: ${[...values].slice(0, 5).join(", ")}` };
}

function readText(reply: string, maxLength: number): ReadValue {
  const text = reply.trim();
  if (text === "") return { problem: "the reply is empty" };
  const { length } = [...text];
  return length > maxLength
    ? { problem: `the reply has ${length} characters, expected at most ${maxLength}` }
    : { value: text };
}

/** The value that the reply is and nothing else; `null` when it is more, or none. */
function wholeValue(scale: Exclude<Scale, { type: "text" }>, bare: string): ScaleValue | null {
  switch (scale.type) {
    case "ordinal":
    case "interval": {
      const label = scale.type === "ordinal" ? labelledNumber(scale.labels ?? {}, bare) : null;
      if (label !== null) return label;
      const number = /^[+\-−]?\d+(?:\.\d+)?$/.test(bare) ? numberOf(bare) : null;
      return number !== null && isOn(scale, number) ? number : null;
    }
    case "nominal":
      return scale.labels.find((label) => folded(unwrapped(label)) === folded(bare)) ?? null;
    case "boolean":
      return Object.hasOwn(TRUTHS, folded(bare)) ? TRUTHS[folded(bare)]! : null;
    default:
      return unknownScale(scale);
  }
}

/** A number outside of the scale counts too: a reply that holds one beside a valid one is not clear. */
function mentionedValues(scale: Exclude<Scale, { type: "text" }>, reply: string): ScaleValue[] {
  switch (scale.type) {
    case "ordinal":
    case "interval": {
      const numbers = [...reply.matchAll(NUMBER)].map(([number]) => numberOf(number));
      if (scale.type === "interval" || scale.labels === undefined) return numbers;
      const { labels } = scale;
      const named = mentions(Object.values(labels), reply).map((label) => labelledNumber(labels, label)!);
      return [...numbers, ...named];
    }
    case "nominal":
      return mentions(scale.labels, reply);
    case "boolean":
      return mentions(Object.keys(TRUTHS), reply).map((word) => TRUTHS[word]!);
    default:
      return unknownScale(scale);
  }
}

function onlyValue(scale: Scale, value: ScaleValue): ReadValue {
  if ((scale.type === "ordinal" || scale.type === "interval") && !isOn(scale, value as number)) {
    const expected = `${
      scale.type === "ordinal" ? "a whole number" : "a number"
    } from ${scale.min} to ${scale.max}`;
    return { problem: `the reply holds ${value}, expected ${expected}` };
  }
  return { value };
}

function isOn({ type, min, max }: Extract<Scale, { min: number }>, number: number): boolean {
  return number >= min && number <= max && (type === "interval" || Number.isInteger(number));
}

function numberOf(text: string): number {
  // Zero has no sign on any scale.
  return Number(text.replace("−", "-")) || 0;
}

function labelledNumber(labels: Readonly<Record<string, string>>, label: string): number | null {
  const found = Object.entries(labels).find(([, text]) =>
    folded(unwrapped(text)) === folded(unwrapped(label))
  );
  return found === undefined ? null : Number(found[0]);
}

/** The names that stand in a reply as words of their own; inside of a longer one, a shorter one does not count. */
function mentions(names: readonly string[], reply: string): string[] {
  const found: string[] = [];
  let rest = folded(reply);
  for (const name of [...names].sort((a, b) => b.length - a.length)) {
    const wanted = folded(name);
    if (wanted.trim() === "") continue;
    const pattern = new RegExp(`(?<![\\p{L}\\p{N}_])${RegExp.escape(wanted)}(?![\\p{L}\\p{N}_])`, "gu");
    const without = rest.replace(pattern, "\u0000");
    if (without !== rest) found.push(name);
    rest = without;
  }
  return found;
}

function unwrapped(text: string): string {
  return text.replace(WRAPPING, "");
}

function folded(text: string): string {
  return text.normalize("NFC").toLowerCase().replace(/\s+/g, " ");
}
