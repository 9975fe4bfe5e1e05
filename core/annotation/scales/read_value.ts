/** Reads a reply as a value of one scale, strictly and without guessing. */
import { Clauses, isNo } from "./clauses.ts";
import { isCounted, mentionedNumbers } from "./numbers.ts";
import { folded, foldedLabel, lowered, mentionsOf, visible } from "./wording.ts";

/** A value: a number of an ordinal or interval scale, a label of a nominal scale, yes or no, or a text. */
export type ScaleValue = number | string | boolean;

/** A reply's value, or the reason why it has none, as a text for people. */
export type ReadValue = Readonly<{ value: ScaleValue } | { problem: string }>;

export type Sought = Readonly<{
  grammar?: "exact" | "mention" | undefined;
  /** The value, if the reply is only a value; `null` for any other reply. */
  whole: (reply: string) => ScaleValue | null;
  words: ReadonlyMap<string, ScaleValue>;
  /** Whether a word is no answer if a score follows it: "toxic: 0.2". */
  isScored?: boolean;
  numbers?: NumberRange;
  form: string;
}>;

export type NumberRange = Readonly<{ min: number; max: number; isWhole: boolean }>;

/** Longest reply, in characters. A longer reply has no value. */
const REPLY_LENGTH_MAX = 20_000;

const AFTER_LENGTH = 40;

/** A word after "no". In "no doubt" and "no insult", "no" is not the answer. */
const DETERMINER = /^[^\S\n\r]+\p{L}/u;

const ANSWERS_NAMED_MAX = 5;

/**
 * Digits of other scripts, fractions, and numbers in circles. They are not read as values, but make a reply
 * doubtful.
 */
const OTHER_NUMERAL = /(?![0-9])\p{N}/gu;

/** A sign or word of percentages. It makes a number doubtful, except on a scale from 0 to 100. */
const PERCENT = /^["'”’*_`]*\s*(?:%|‰|percent|per\s+cent|prozent|pour\s*cent|por\s+ciento)(?![\p{L}])/u;

/** A score or a share after a label: "toxic: 0.2". */
const SCORED = /^["'”’*_`]*\s*[:=]\s*["'“‘*_`]*[.\d]/u;

/**
 * The value, if a reply has exactly one valid value. Otherwise the problem: no value, or several different
 * ones.
 */
export function readListed(reply: string, sought: Sought): ReadValue {
  const shown = visible(reply);
  if (shown === "") return { problem: "the reply is empty" };
  if (shown.length > REPLY_LENGTH_MAX) {
    return { problem: `the reply has more than ${REPLY_LENGTH_MAX} characters` };
  }
  const whole = sought.whole(shown);
  if (whole !== null) return { value: whole };
  if (sought.grammar === "exact") return { problem: "the reply is more than an answer" };
  const { values, open } = mentionedValues(sought, lowered(reply));
  if (values.size > 1) return { problem: `the reply holds several answers: ${named([...values])}` };
  if (open.size > 0) return { problem: `the reply leaves open what it means by ${named([...open])}` };
  if (values.size === 0) return { problem: "the reply holds no answer" };
  const value = [...values][0]!;
  return typeof value === "number" && !isInRange(sought.numbers!, value)
    ? { problem: `the reply holds ${value}, expected ${sought.form}` }
    : { value };
}

export function isInRange({ min, max, isWhole }: NumberRange, number: number): boolean {
  return number >= min && number <= max && (!isWhole || Number.isInteger(number));
}

/**
 * The label, if the reply is only a label; otherwise `null`. The reply is first compared with its
 * punctuation, because a label can consist of punctuation.
 */
export function wholeLabel(labels: readonly string[], reply: string): string | null {
  const written = folded(reply);
  const exact = labels.find((label) => folded(label) === written);
  if (exact !== undefined) return exact;
  const bare = foldedLabel(reply);
  return labels.find((label) => foldedLabel(label) === bare) ?? null;
}

function named(values: readonly ScaleValue[]): string {
  return values.slice(0, ANSWERS_NAMED_MAX).join(", ");
}

type MentionedValues = Readonly<{
  values: ReadonlySet<ScaleValue>;
  /** The words whose meaning the reply leaves open. */
  open: ReadonlySet<string>;
}>;

/**
 * All values that a reply mentions, also numbers outside the scale: they make a reply with a valid number
 * unclear.
 */
function mentionedValues({ words, isScored, numbers }: Sought, reply: string): MentionedValues {
  const values = new Set<ScaleValue>();
  const open = new Set<string>();
  const { mentions, rest } = mentionsOf([...words.keys()], reply);
  const clauses = new Clauses(rest);
  for (const { name, start, end } of mentions) {
    const after = rest.slice(end, end + AFTER_LENGTH);
    const isOpen = clauses.isOpen({ start, end, isNo: isNo(name) }) ||
      folded(name) === "no" && DETERMINER.test(after) ||
      isScored === true && SCORED.test(after);
    if (isOpen) open.add(name);
    values.add(words.get(name)!);
  }
  if (numbers === undefined) return { values, open };
  for (const { number, written, start, end, isExact } of mentionedNumbers(reply)) {
    const unit = numbers.min === 0 && numbers.max === 100 ? percentAfter(rest, end) : 0;
    const isOther = isCounted(rest, { start, end: end + unit }) || percentAfter(rest, end + unit) > 0;
    if (isOther || !isExact || clauses.isOpen({ start, end })) open.add(written);
    values.add(number);
  }
  for (const [numeral] of rest.matchAll(OTHER_NUMERAL)) open.add(numeral);
  return { values, open };
}

/** The length of a word or sign of percentages right after a number, such as "%"; 0 if there is none. */
function percentAfter(text: string, end: number): number {
  return PERCENT.exec(text.slice(end, end + AFTER_LENGTH))?.[0].length ?? 0;
}
