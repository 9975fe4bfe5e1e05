/** The type of moderation schedules. A schedule decides after which turns the moderator is asked. */
import { type OptionsSchema, type RuleOptions, type RuleSpec, ruleText } from "../events/mod.ts";

/** What a schedule sees after a turn. Everything in it follows from the events so far. */
export type ModerationView = Readonly<{
  /** The turn that just ended, 0-based. */
  turn: number;
  /** Whether there is no new comment: the participant stayed silent, and no intervention was posted. */
  silent: boolean;
  /** The last comment of the discussion. After a turn that was not silent, it belongs to this turn. */
  lastComment: Readonly<{ author: string; text: string }> | null;
  /** The latest comments, oldest first: as many as the design's `history` (all for `null`), but at least two. */
  window: readonly Readonly<{ author: string; text: string }>[];
  /** The turn after which the moderator last spoke; `null` before that. */
  lastIntervention: number | null;
}>;

/** A moderation schedule. A schedule that is not built in needs only `name`, `isDue` and `mayAbstain`. */
export type ModerationSchedule = Readonly<{
  name: string;
  /**
   * The schema of the options. If it is missing, any options are allowed. The experiment file can write
   * `{ name: { …options } }`, or `{ name: value }` for a schedule with exactly one option.
   */
  options?: OptionsSchema;
  /** Whether the moderator is asked now. Equal views must give equal answers. */
  isDue: (view: ModerationView, options: RuleOptions) => boolean;
  /** Whether the prompt tells the moderator that it may stay silent. */
  mayAbstain: boolean;
  /**
   * How often the moderator is asked in a discussion of `turns` turns, for plans. Missing if this depends on
   * the comments.
   */
  calls?: (turns: number, options: RuleOptions) => number;
  /** The schedule's text in plans, such as `every 2`; by default its name. */
  short?: (options: RuleOptions) => string;
  /** Says when the moderator is asked: the words after "was asked" in the report's methods text. */
  clause?: (options: RuleOptions) => string;
  /** Problems of options that fit the schema, one sentence each. */
  check?: (options: RuleOptions) => readonly string[];
}>;

/**
 * Says when the moderator is asked: the words after "was asked" in the report's methods text.
 *
 * @param schedule The schedule of the rule. It is `undefined` if it was not loaded: the text then names the
 *   rule.
 */
export function scheduleClause(rule: RuleSpec, schedule: ModerationSchedule | undefined): string {
  return schedule?.clause?.(rule.options) ?? `by the rule ${ruleText(rule)}`;
}
