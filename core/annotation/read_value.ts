/** Reading a reply as one scale's value: strictly, so that nothing is guessed. */
import { NO, unknownScale, valueForm, YES } from "./answer_grammar.ts";
import type { Scale, ScaleValue } from "../events/annotation_design.ts";
import { Clauses, isNo } from "./clauses.ts";
import { isCounted } from "./counted.ts";
import { loneNumber, mentionedNumbers } from "./number_text.ts";
import { folded, foldedLabel, lowered, mentionsOf, unwrapped, visible } from "./wording.ts";

/** A reply's value, or why it has none, for people. */
export type ReadValue = Readonly<{ value: ScaleValue } | { problem: string }>;

/** The answers that yes-or-no scales take. */
const TRUTHS: Readonly<Record<string, boolean>> = { [YES]: true, [NO]: false, true: true, false: false };

/** Longest reply whose values are looked for, in characters; a longer one is no answer. */
const REPLY_LENGTH_MAX = 20_000;

/** How far behind a value its neighbours are looked at, in UTF-16 code units. */
const AFTER_LENGTH = 40;

/** "No doubt" and "no insult" are no answers. */
const DETERMINER = /^[^\S\n\r]+\p{L}/u;

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
  const { values, open } = mentionedValues(scale, lowered(reply));
  if (values.size > 1) return { problem: `the reply holds several answers: ${named([...values])}` };
  if (open.size > 0) return { problem: `the reply leaves open what it means by ${named([...open])}` };
  if (values.size === 0) return { problem: "the reply holds no answer" };
  return onlyValue(scale, [...values][0]!);
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

type MentionedValues = Readonly<{
  /** All that are mentioned. */
  values: ReadonlySet<ScaleValue>;
  /** The words of those of which it is open what the reply means by them. */
  open: ReadonlySet<string>;
}>;

/** Digits of other scripts, fractions and numbers in circles: they are not read, and not passed over. */
const OTHER_NUMERAL = /(?![0-9])\p{N}/gu;

/** A number of another unit, but for a scale from 0 to 100. */
const PERCENT = /^["'”’*_`]*\s*(?:%|‰|percent|per\s+cent|prozent|pour\s*cent|por\s+ciento)(?![\p{L}])/u;

/** A label with a share, a score or a "no" of its own: "toxic: 0.2". */
const SCORED = /^["'”’*_`]*\s*[:=]\s*["'“‘*_`]*[.\d]/u;

/** A number outside of the scale counts too: a reply that holds one beside a valid one is not clear. */
function mentionedValues(scale: ListedScale, reply: string): MentionedValues {
  const values = new Set<ScaleValue>();
  const open = new Set<string>();
  const { mentions, rest } = mentionsOf(namesOf(scale), reply);
  const clauses = new Clauses(rest);
  const isNumeric = scale.type === "ordinal" || scale.type === "interval";
  for (const { name, start, end } of mentions) {
    const after = rest.slice(end, end + AFTER_LENGTH);
    const isOpen = clauses.isOpen({ start, end, isNo: isNo(name) }) ||
      folded(name) === NO && DETERMINER.test(after) ||
      scale.type === "nominal" && SCORED.test(after);
    if (isOpen) open.add(name);
    values.add(meaningOf(scale, name));
  }
  if (!isNumeric) return { values, open };
  for (const { number, written, start, end, isExact } of mentionedNumbers(reply)) {
    const unit = scale.min === 0 && scale.max === 100 ? percentAfter(rest, end) : 0;
    const isOther = isCounted(rest, { start, end: end + unit }) || percentAfter(rest, end + unit) > 0;
    if (isOther || !isExact || clauses.isOpen({ start, end })) open.add(written);
    values.add(number);
  }
  for (const [numeral] of rest.matchAll(OTHER_NUMERAL)) open.add(numeral);
  return { values, open };
}

/** How long the word or sign is that makes a number a percentage; 0 where there is none. */
function percentAfter(text: string, end: number): number {
  return PERCENT.exec(text.slice(end, end + AFTER_LENGTH))?.[0].length ?? 0;
}

function namesOf(scale: ListedScale): readonly string[] {
  switch (scale.type) {
    case "ordinal":
      return Object.values(scale.labels ?? {});
    case "interval":
      return [];
    case "nominal":
      return scale.labels;
    case "boolean":
      return Object.keys(TRUTHS);
    default:
      return unknownScale(scale);
  }
}

function meaningOf(scale: ListedScale, name: string): ScaleValue {
  switch (scale.type) {
    case "ordinal":
      return numberOf(scale.labels ?? {}, name);
    case "boolean":
      return TRUTHS[name]!;
    case "nominal":
    case "interval":
      return name;
    default:
      return unknownScale(scale);
  }
}

function onlyValue(scale: ListedScale, value: ScaleValue): ReadValue {
  return typeof value === "number" && !isOn(scale as NumericScale, value)
    ? { problem: `the reply holds ${value}, expected ${valueForm(scale)}` }
    : { value };
}

function isOn({ type, min, max }: NumericScale, number: number): boolean {
  return number >= min && number <= max && (type === "interval" || Number.isInteger(number));
}
