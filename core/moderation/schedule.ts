/** What a moderation schedule is: an object that says after which turns the moderator is asked, and all that depends on it. */
import { type OptionsSchema, type RuleOptions, type RuleSpec, ruleText } from "../events/mod.ts";

/** What a schedule may look at, after a turn. All of it is a function of the events so far. */
export type ModerationView = Readonly<{
  /** The turn that just ended, 0-based. */
  turn: number;
  /** Whether the participant stayed silent in that turn. */
  silent: boolean;
  /** The last comment that all participants can read; the turn's own when it was not silent. */
  lastComment: Readonly<{ author: string; text: string }> | null;
  /** The comments in the window of the design's `history`, oldest first. */
  window: readonly Readonly<{ author: string; text: string }>[];
  /** The turn after which the moderator last spoke; `null` before that. */
  lastIntervention: number | null;
}>;

/** A moderation schedule. A researcher's own needs only `name`, `isDue` and `mayAbstain`. */
export type ModerationSchedule = Readonly<{
  name: string;
  /**
   * The options of the experiment file; any options when left out. The file can write `{ name: { …options } }`, and
   * `{ name: value }` for a schedule with exactly one option.
   */
  options?: OptionsSchema;
  /** Whether the moderator is asked now. Equal views must give equal answers. */
  isDue: (view: ModerationView, options: RuleOptions) => boolean;
  /** Whether the prompt tells the moderator that it may stay silent. */
  mayAbstain: boolean;
  /** How often the moderator is asked in a discussion of a number of turns, for plans; left out when that depends on what is said. */
  calls?: (turns: number, options: RuleOptions) => number;
  /** The schedule in a plan: `every 2`; its name when left out. */
  short?: (options: RuleOptions) => string;
  /** When the moderator is asked, for the report's methods text: the words after "was asked". */
  clause?: (options: RuleOptions) => string;
  /** What is wrong with options that fit the schema, one sentence each. */
  check?: (options: RuleOptions) => readonly string[];
}>;

/**
 * When the moderator is asked, for the report's methods text: the words after "was asked".
 *
 * @param schedule Its schedule; `undefined` when it was not loaded: the rule's name and options stand for it.
 */
export function scheduleClause(rule: RuleSpec, schedule: ModerationSchedule | undefined): string {
  return schedule?.clause?.(rule.options) ?? `by the rule ${ruleText(rule)}`;
}
