/** The type of moderation schedules. A schedule decides after which turns the moderator is asked. */
import { type OptionsSchema, type RuleOptions, type RuleSpec, ruleText } from "../events/mod.ts";

/** What a schedule sees after a turn. Everything in it follows from the events so far. */
export type ModerationView = Readonly<{
  /** The turn that just ended, 0-based. */
  turn: number;
  /** Whether the turn added no comment: the participant stayed silent, and no intervention was posted. */
  silent: boolean;
  /** The last comment of the discussion. After a turn that was not silent, it belongs to this turn. */
  lastComment: Readonly<{ author: string; text: string }> | null;
  /** The latest comments, oldest first: as many as the design's `history` (all for `null`), but at least two. */
  window: readonly Readonly<{ author: string; text: string }>[];
  /** The turn after which the moderator last spoke; `null` before that. */
  lastIntervention: number | null;
}>;

/** A moderation schedule. A researcher's own needs only `name`, `isDue` and `mayAbstain`. */
export type ModerationSchedule = Readonly<{
  name: string;
  /**
   * The schema of the options; without it, any options are allowed. The experiment file can write
   * `{ name: { …options } }`, or `{ name: value }` for a schedule with exactly one option.
   */
  options?: OptionsSchema;
  /** Whether the moderator is asked now. Equal views must give equal answers. */
  isDue: (view: ModerationView, options: RuleOptions) => boolean;
  /** Whether the prompt tells the moderator that it may stay silent. */
  mayAbstain: boolean;
  /**
   * How often the moderator is asked in a discussion of `turns` turns, for plans; left out if this depends on the
   * comments.
   */
  calls?: (turns: number, options: RuleOptions) => number;
  /** The schedule's text in plans, such as `every 2`; by default its name. */
  short?: (options: RuleOptions) => string;
  /** When the moderator is asked, for the report's methods text: the words after "was asked". */
  clause?: (options: RuleOptions) => string;
  /** Problems of options that fit the schema, one sentence each. */
  check?: (options: RuleOptions) => readonly string[];
}>;

/**
 * When the moderator is asked, for the report's methods text: the words after "was asked".
 *
 * @param schedule The rule's schedule. If it is `undefined`, because it was not loaded, the text names the rule.
 */
export function scheduleClause(rule: RuleSpec, schedule: ModerationSchedule | undefined): string {
  return schedule?.clause?.(rule.options) ?? `by the rule ${ruleText(rule)}`;
}
