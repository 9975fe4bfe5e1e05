/** `threshold`: the moderator is asked when a signal of the last comment is above a limit. */
import { z } from "../zod.ts";
import type { RuleOptions } from "../events/mod.ts";
import { wordsOf } from "../words.ts";
import type { ModerationSchedule, ModerationView } from "./schedule.ts";

/** A number that depends only on the last comments. */
export type Signal = Readonly<{
  /** Names the signal: the words after "comments whose" in the report's methods text. */
  phrase: string;
  measure: (view: ModerationView, options: RuleOptions) => number;
}>;

const lastText = (view: ModerationView): string => view.lastComment?.text ?? "";

const share = (part: number, whole: number): number => whole === 0 ? 0 : part / whole;

/** The signals, by name. */
export const SIGNALS: Readonly<Record<string, Signal>> = {
  length: {
    phrase: "number of words",
    measure: (view) => wordsOf(lastText(view)).length,
  },
  capitals: {
    phrase: "share of capitals among its letters",
    measure(view) {
      const upper = lastText(view).match(/\p{Lu}/gu)?.length ?? 0;
      const lower = lastText(view).match(/\p{Ll}/gu)?.length ?? 0;
      return share(upper, upper + lower);
    },
  },
  exclamations: {
    phrase: "number of exclamation marks",
    measure: (view) => lastText(view).match(/[!！]/g)?.length ?? 0,
  },
  words: {
    phrase: "number of words out of",
    measure(view, options) {
      const listed = new Set((options.words as readonly string[]).flatMap(wordsOf));
      return wordsOf(lastText(view)).filter((word) => listed.has(word)).length;
    },
  },
  repetition: {
    phrase: "share of words repeated from the comment before",
    measure(view) {
      const before = new Set(wordsOf(view.window.at(-2)?.text ?? ""));
      const words = wordsOf(lastText(view));
      return share(words.filter((word) => before.has(word)).length, words.length);
    },
  },
};

const names = Object.keys(SIGNALS) as [string, ...string[]];

/** The methods text lists at most this number of the words that the signal `words` counts. */
const WORDS_NAMED_MAX = 12;

/**
 * Asks the moderator when the named signal of the new comment is above a limit. After a silent turn, it never asks.
 */
export const threshold: ModerationSchedule = {
  name: "threshold",
  options: z.strictObject({
    signal: z.enum(names, { error: `one of ${names.join(", ")}` }).describe("What is measured"),
    above: z.number({ error: "a number" }).describe("The moderator is asked when the signal is above this"),
    words: z.array(z.string({ error: "a word" }), { error: "a list of words" })
      .min(1, { error: "at least one word" }).optional().describe("The words that the signal words counts"),
  }),
  mayAbstain: false,
  isDue: (view, options) =>
    !view.silent && (SIGNALS[String(options.signal)]?.measure(view, options) ?? 0) > Number(options.above),
  clause({ signal, words, above }) {
    const listed = Array.isArray(words) ? ` ${listOf(words.map(String))}` : "";
    return `after comments whose ${SIGNALS[String(signal)]?.phrase ?? signal}${listed} was above ${above}`;
  },
  check: ({ signal, words }) =>
    signal === "words" &&
      !(words as readonly string[] | undefined)?.every((word) => wordsOf(word).length === 1)
      ? ["words must list single words to count, such as [fool, liar]"]
      : [],
};

function listOf(words: readonly string[]): string {
  const further = words.length - WORDS_NAMED_MAX;
  const items = further > 0 ? [...words.slice(0, WORDS_NAMED_MAX), `${further} more`] : words;
  return new Intl.ListFormat("en-GB").format(items);
}
