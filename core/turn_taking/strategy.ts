/** The type of turn-taking strategies. A strategy chooses who speaks next. */
import { type OptionsSchema, type RuleOptions, type RuleSpec, ruleText } from "../events/mod.ts";
import type { Draw } from "../random/mod.ts";

/** What a strategy sees before a turn. Everything in it follows from the events so far. */
export type TurnTakingView = Readonly<{
  /** The next turn, 0-based. */
  turn: number;
  /**
   * The participants, in the order of the design. `talkativeness` comes from the persona; the default is 1.
   */
  participants: readonly Readonly<{ name: string; talkativeness: number }>[];
  /** Index of the participant who had the last turn, silent or not; `null` before the first turn. */
  last: number | null;
  /** Index of the participant who had the second-to-last turn. */
  secondToLast: number | null;
  /** The last comment of the discussion, by any author. */
  lastComment: Readonly<{ author: string; text: string }> | null;
  /** How many turns each participant has had, in the participants' order. */
  turnsTaken: readonly number[];
}>;

/**
 * Chooses the next speaker. Returns an index of `view.participants`.
 *
 * A replay asks the strategy again, so equal views, draws and options must give equal answers. `draw` is a random
 * stream for this turn alone.
 */
export type SelectSpeaker = (view: TurnTakingView, draw: Draw, options: RuleOptions) => number;

/** A turn-taking strategy. A strategy that is not built in needs only `name` and `select`. */
export type TurnTakingStrategy = Readonly<{
  name: string;
  /** The schema of the options. If it is missing, any options are allowed. */
  options?: OptionsSchema;
  select: SelectSpeaker;
  /**
   * Each participant's chance of the next turn, in the order of the participants. The chances sum to one. If
   * they are not known, the result is `null`, or the function is missing. The fidelity checks then skip these
   * turns.
   */
  chances?: (view: TurnTakingView, options: RuleOptions) => readonly number[] | null;
  /**
   * Says how the next speaker is chosen: a clause of the report's methods text, without a capital and a full
   * stop.
   */
  clause?: (options: RuleOptions) => string;
  /**
   * The options that name another strategy. The experiment file writes their values like the value of `turnTaking`.
   */
  strategyOptions?: readonly string[];
  /** The names of the other strategies that this strategy uses. */
  needs?: (options: RuleOptions) => readonly string[];
  /** Problems of options that fit the schema, one sentence each. */
  check?: (options: RuleOptions) => readonly string[];
}>;

/**
 * Says how the next speaker is chosen: a clause of the report's methods text, without a capital and a full
 * stop.
 *
 * @param strategy The strategy of the rule. It is `undefined` if it was not loaded: the text then names the
 *   rule.
 */
export function speakerClause(rule: RuleSpec, strategy: TurnTakingStrategy | undefined): string {
  return strategy?.clause?.(rule.options) ?? `each next speaker was chosen by the rule ${ruleText(rule)}`;
}

/**
 * The indices of all participants except the last speaker. If there is only one participant, this participant
 * can speak again.
 *
 * @returns At least one index, in ascending order.
 */
export function othersThanLast(view: TurnTakingView): readonly number[] {
  const all = view.participants.map((_, index) => index);
  return all.length === 1 ? all : all.filter((index) => index !== view.last);
}

/**
 * The chances of all participants when the next speaker is drawn from some of them.
 *
 * @param drawn The indices of the participants who can be drawn, at least one.
 * @param weightOf The weight of each of these participants. Without weights, or if all weights are 0, all of
 *   them are equally likely.
 * @returns The chances, in the order of the participants. They sum to one.
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
