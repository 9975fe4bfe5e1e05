/** The port of turn-taking: who speaks next. */
import type { RuleOptions } from "../events/mod.ts";
import type { Draw } from "../random/mod.ts";

/** What a strategy may look at. All of it is a function of the events so far. */
export type TurnTakingView = Readonly<{
  /** The turn to be given, 0-based. */
  turn: number;
  /** In the order of the design. `talkativeness` is the persona's, 1 where it says nothing. */
  participants: readonly Readonly<{ name: string; talkativeness: number }>[];
  /** Index of the participant who had the last turn, silent or not; `null` before the first turn. */
  last: number | null;
  /** Index of the participant who had the turn before that. */
  secondToLast: number | null;
  /** The last comment that everybody can read, whoever wrote it. */
  lastComment: Readonly<{ author: string; text: string }> | null;
  /** How many turns each participant has had, in the participants' order. */
  turnsTaken: readonly number[];
}>;

/**
 * A turn-taking strategy: a pure function of what was said and one random stream of this turn's own.
 *
 * It returns the index of the participant who speaks next. Equal views and draws must give equal answers: a log is
 * replayed by asking again.
 */
export type SelectSpeaker = (view: TurnTakingView, draw: Draw, options: RuleOptions) => number;

/** A turn-taking strategy: a name and one pure function. */
export type TurnTakingStrategy = Readonly<{
  name: string;
  select: SelectSpeaker;
  /**
   * How likely each participant is to have the next turn, in the participants' order; the chances sum to one. `null`
   * where that is not known. Fidelity checks the turns against these chances, and against nothing where a strategy has
   * none: that the last speaker does not speak again is checked where the last speaker has no chance.
   */
  chances?: (view: TurnTakingView, options: RuleOptions) => readonly number[] | null;
  /** The names of other strategies that it may ask. */
  needs?: (options: RuleOptions) => readonly string[];
  /** Says what is wrong with the options in an experiment file, one sentence each; none when all is well. */
  check?: (options: RuleOptions) => readonly string[];
}>;
