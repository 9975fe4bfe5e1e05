/** Rules in the words of a methods section. */
import { ruleText } from "../../fidelity/rule_text.ts";
import type { RuleSpec } from "../../../core/events/mod.ts";
import { named } from "../words.ts";

/**
 * Who speaks next, as a clause without a capital and a full stop.
 *
 * @param rule A turn-taking strategy: a built-in one, or one of the researcher's own by its name.
 */
export function turnTakingClause(rule: RuleSpec): string {
  const { name, options } = rule;
  switch (name) {
    case "round-robin":
      return `participants spoke one after the other in a fixed order${
        options.randomFirst === true ? ", which began with a participant drawn at random" : ""
      }`;
    case "random":
      return "each next speaker was drawn at random among all participants but the last speaker";
    case "respond":
      return `with probability ${options.probability} the second-to-last speaker spoke next, and otherwise one drawn at ` +
        "random among all participants but the last speaker";
    case "weighted":
      return "each next speaker was drawn among all participants but the last speaker, with chances in proportion to " +
        "their personas' talkativeness (1 where a persona states none)";
    case "mention":
      return `whoever the last comment had addressed by @name spoke next; where it had addressed nobody, ${
        turnTakingClause(fallbackOf(rule))
      }`;
    default:
      return `each next speaker was chosen by the rule ${ruleText(rule)}`;
  }
}

function fallbackOf({ options }: RuleSpec): RuleSpec {
  const fallback = options.fallback as unknown as RuleSpec | undefined;
  return fallback ?? { name: "random", options: {} };
}

/** What a threshold is set on, as it follows on "comments whose". */
const SIGNALS: Readonly<Record<string, string>> = {
  length: "number of words",
  capitals: "share of capitals among its letters",
  exclamations: "number of exclamation marks",
  words: "number of words out of",
  repetition: "share of words repeated from the comment before",
};

/**
 * When a moderator is asked, as it follows on "was asked".
 *
 * @param schedule A schedule: a built-in one, or one of the researcher's own by its name.
 */
export function scheduleClause(schedule: RuleSpec): string {
  const { name, options } = schedule;
  switch (name) {
    case "every-turn":
      return "after every turn";
    case "every":
      return options.n === 1 ? "after every turn" : `after every ${options.n} turns`;
    case "on-demand":
      return "after every turn, and told that it need not speak";
    case "threshold": {
      const words = Array.isArray(options.words) ? ` ${named(options.words.map(String))}` : "";
      const signal = SIGNALS[String(options.signal)] ?? options.signal;
      return `after comments whose ${signal}${words} was above ${options.above}`;
    }
    default:
      return `by the rule ${ruleText(schedule)}`;
  }
}
