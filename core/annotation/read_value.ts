/** Reading a reply as one scale's value: strictly, so that nothing is guessed. */
import { NO, unknownScale, valueForm, YES } from "./answer_grammar.ts";
import type { Scale, ScaleValue } from "./codebook.ts";
import { loneNumber, mentionedNumbers } from "./number_text.ts";
import { folded, foldedLabel, type Mentions, mentions, unwrapped, visible } from "./wording.ts";

/** A reply's value, or why it has none, for people. */
export type ReadValue = Readonly<{ value: ScaleValue } | { problem: string }>;

/** The answers that yes-or-no scales take. */
const TRUTHS: Readonly<Record<string, boolean>> = { [YES]: true, [NO]: false, true: true, false: false };

/** Longest reply whose values are looked for, in characters; a longer one is no answer. */
const REPLY_LENGTH_MAX = 20_000;

/** How many of several answers a problem names. */
const ANSWERS_NAMED_MAX = 5;

type ListedScale = Exclude<Scale, { type: "text" }>;
type NumericScale = Extract<Scale, { min: number }>;

/**
 * Reads a reply.
 *
 * @param scale What was asked.
 * @param reply The reply, as the model gave it.
 * @returns The one valid value that it holds; with several different ones, or none, what is wrong.
 */
export function readValue(scale: Scale, reply: string): ReadValue {
  if (scale.type === "text") return readText(reply, scale.maxLength);
  const shown = visible(reply);
  if (shown === "") return { problem: "the reply is empty" };
  if (shown.length > REPLY_LENGTH_MAX) {
    return { problem: `the reply has more than ${REPLY_LENGTH_MAX} characters` };
  }
  const whole = wholeValue(scale, shown);
  if (whole !== null) return { value: whole };
  if (scale.grammar === "exact") return { problem: "the reply is more than an answer" };
  const { values, denied } = mentionedValues(scale, shown);
  if (denied.length > 0) return { problem: `the reply leaves open what it means by ${named(denied)}` };
  if (values.size === 1) return onlyValue(scale, [...values][0]!);
  if (values.size === 0) return { problem: "the reply holds no answer" };
  return { problem: `the reply holds several answers: ${named([...values])}` };
}

function named(values: readonly ScaleValue[]): string {
  return values.slice(0, ANSWERS_NAMED_MAX).join(", ");
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
function wholeValue(scale: ListedScale, reply: string): ScaleValue | null {
  const bare = unwrapped(reply);
  switch (scale.type) {
    case "ordinal":
    case "interval": {
      const number = loneNumber(bare);
      if (number !== null) return isOn(scale, number) ? number : null;
      const labels = scale.type === "ordinal" ? scale.labels ?? {} : {};
      const label = labelOf(Object.values(labels), reply);
      return label === null ? null : numberOf(labels, label);
    }
    case "nominal":
      return labelOf(scale.labels, reply);
    case "boolean":
      return Object.hasOwn(TRUTHS, folded(bare)) ? TRUTHS[folded(bare)]! : null;
    default:
      return unknownScale(scale);
  }
}

/** As it is written, before anything is taken off: a label can be nothing but punctuation. */
function labelOf(labels: readonly string[], reply: string): string | null {
  const written = folded(reply);
  const exact = labels.find((label) => folded(label) === written);
  if (exact !== undefined) return exact;
  const bare = foldedLabel(reply);
  return labels.find((label) => foldedLabel(label) === bare) ?? null;
}

function numberOf(labels: Readonly<Record<string, string>>, label: string): number {
  return Number(Object.keys(labels).find((number) => labels[number] === label));
}

type MentionedValues = Readonly<{ values: ReadonlySet<ScaleValue>; denied: readonly string[] }>;

/** A number outside of the scale counts too: a reply that holds one beside a valid one is not clear. */
function mentionedValues(scale: ListedScale, reply: string): MentionedValues {
  switch (scale.type) {
    case "ordinal": {
      const labels = scale.labels ?? {};
      const { said, denied } = mentions(Object.values(labels), reply);
      const numbers = said.map((label) => numberOf(labels, label));
      return { values: new Set([...mentionedNumbers(reply), ...numbers]), denied };
    }
    case "interval":
      return { values: new Set(mentionedNumbers(reply)), denied: [] };
    case "nominal":
      return valuesOf(mentions(scale.labels, reply), (label) => label);
    case "boolean":
      return valuesOf(mentions(Object.keys(TRUTHS), reply, isDeterminer), (word) => TRUTHS[word]!);
    default:
      return unknownScale(scale);
  }
}

function valuesOf({ said, denied }: Mentions, meaning: (name: string) => ScaleValue): MentionedValues {
  return { values: new Set(said.map(meaning)), denied };
}

/** "No doubt" and "no insult" are no answers. */
function isDeterminer(word: string, after: string): boolean {
  return word === NO && /^[^\S\n\r]+\p{L}/u.test(after);
}

function onlyValue(scale: ListedScale, value: ScaleValue): ReadValue {
  return typeof value === "number" && !isOn(scale as NumericScale, value)
    ? { problem: `the reply holds ${value}, expected ${valueForm(scale)}` }
    : { value };
}

function isOn({ type, min, max }: NumericScale, number: number): boolean {
  return number >= min && number <= max && (type === "interval" || Number.isInteger(number));
}
