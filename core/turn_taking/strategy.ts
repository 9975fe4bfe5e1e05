/** What a turn-taking strategy is: an object that says who speaks next, and everything else that depends on the rule. */
import { type OptionsSchema, type RuleOptions, type RuleSpec, ruleText } from "../events/mod.ts";
import type { Draw } from "../random/mod.ts";

/** What a strategy may look at. All of it is a function of the events so far. */
export type TurnTakingView = Readonly<{
  /** The turn to be given, 0-based. */
  turn: number;
  /** In the order of the design. `talkativeness` is the persona's, or 1. */
  participants: readonly Readonly<{ name: string; talkativeness: number }>[];
  /** Index of the participant who had the last turn, silent or not; `null` before the first turn. */
  last: number | null;
  /** Index of the participant who had the turn before that. */
  secondToLast: number | null;
  /** The last comment that all participants can read, by any author. */
  lastComment: Readonly<{ author: string; text: string }> | null;
  /** How many turns each participant has had, in the participants' order. */
  turnsTaken: readonly number[];
}>;

/**
 * Chooses the next speaker: returns an index of `view.participants`.
 *
 * A log is replayed by asking again, so equal views, draws and options must give equal answers. `draw` is a random
 * stream for this turn alone.
 */
export type SelectSpeaker = (view: TurnTakingView, draw: Draw, options: RuleOptions) => number;

/** A turn-taking strategy. A researcher's own needs only `name` and `select`. */
export type TurnTakingStrategy = Readonly<{
  name: string;
  /** The options of the experiment file; any options when left out. */
  options?: OptionsSchema;
  select: SelectSpeaker;
  /**
   * How likely each participant is to have the next turn, in the participants' order; the chances sum to one. `null`
   * or left out when they are not known: fidelity then has nothing to compare the turns with.
   */
  chances?: (view: TurnTakingView, options: RuleOptions) => readonly number[] | null;
  /** Who speaks next, as a clause of the report's methods text: no capital, no full stop. */
  clause?: (options: RuleOptions) => string;
  /** Which options name another strategy; the experiment file writes each of them like the strategy itself. */
  strategyOptions?: readonly string[];
  /** The names of other strategies that it may ask. */
  needs?: (options: RuleOptions) => readonly string[];
  /** What is wrong with options that fit the schema, one sentence each. */
  check?: (options: RuleOptions) => readonly string[];
}>;

/**
 * Who speaks next, as a clause of the report's methods text: no capital, no full stop.
 *
 * @param strategy Its strategy; `undefined` when it was not loaded: the rule's name and options stand for it.
 */
export function speakerClause(rule: RuleSpec, strategy: TurnTakingStrategy | undefined): string {
  return strategy?.clause?.(rule.options) ?? `each next speaker was chosen by the rule ${ruleText(rule)}`;
}

/**
 * The indices of all participants except the last speaker. A lone participant may speak again.
 *
 * @returns At least one index, ascending.
 */
export function othersThanLast(view: TurnTakingView): readonly number[] {
  const all = view.participants.map((_, index) => index);
  return all.length === 1 ? all : all.filter((index) => index !== view.last);
}

/**
 * The chances of all participants when one of a few is drawn.
 *
 * @param drawn The indices of those who can be drawn, at least one.
 * @param weightOf How likely each of them is, up to a factor. They are equally likely without it, or when it is always 0.
 * @returns In the participants' order, summing to one.
 */
export function chancesAmong(
  { participants }: TurnTakingView,
  drawn: readonly number[],
  weightOf: (index: number) => number = () => 1,
): readonly number[] {
  const sum = drawn.reduce((total, index) => total + weightOf(index), 0);
  const chance = (index: number) => sum > 0 ? weightOf(index) / sum : 1 / drawn.length;
  return participants.map((_, index) => drawn.includes(index) ? chance(index) : 0);
}
