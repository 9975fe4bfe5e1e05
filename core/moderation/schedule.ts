/** The port of moderation schedules: after which turns the moderator is asked. */
import type { RuleOptions } from "../events/mod.ts";

/** What a schedule may look at, after a turn. All of it is a function of the events so far. */
export type ModerationView = Readonly<{
  /** The turn that just ended, 0-based. */
  turn: number;
  /** Whether the participant stayed silent in that turn. */
  silent: boolean;
  /** The last comment that everybody can read; the turn's own when it was not silent. */
  lastComment: Readonly<{ author: string; text: string }> | null;
  /** The comments in the window of the design's `history`, oldest first. */
  window: readonly Readonly<{ author: string; text: string }>[];
  /** The turn after which the moderator last spoke; `null` before that. */
  lastIntervention: number | null;
}>;

/** A moderation schedule: a name and one pure function. */
export type ModerationSchedule = Readonly<{
  name: string;
  /** Whether the moderator is asked now. Equal views must give equal answers. */
  isDue: (view: ModerationView, options: RuleOptions) => boolean;
  /** Whether the moderator is told in its prompt that it may stay silent. */
  mayAbstain: boolean;
  /** Says what is wrong with the options in an experiment file, one sentence each; none when all is well. */
  check?: (options: RuleOptions) => readonly string[];
}>;
