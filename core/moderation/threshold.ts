/** `threshold`: the moderator is asked when a signal passes a bound. */
import type { ModerationSchedule } from "./schedule.ts";
import { SIGNALS, wordsOf } from "./signals.ts";

/**
 * Asks the moderator when the named signal of the comment that was just made is above a bound. A silent turn gives
 * no signal.
 */
export const threshold: ModerationSchedule = {
  name: "threshold",
  mayAbstain: false,
  isDue(view, options) {
    if (view.silent) return false;
    const measure = SIGNALS.get(String(options.signal));
    return measure !== undefined && measure(view, options) > Number(options.above);
  },
  check(options) {
    const problems: string[] = [];
    if (!SIGNALS.has(String(options.signal))) {
      problems.push(
        `signal must be one of ${[...SIGNALS.keys()].join(", ")}; found "${options.signal ?? ""}"`,
      );
    }
    if (typeof options.above !== "number") problems.push("above must be a number: the bound of the signal");
    if (options.signal === "words" && !isWordList(options.words)) {
      problems.push("words must be a list of the words to count, each a single word");
    }
    return problems;
  },
};

function isWordList(words: unknown): boolean {
  return Array.isArray(words) && words.length > 0 &&
    words.every((word) => typeof word === "string" && wordsOf(word).length === 1);
}
