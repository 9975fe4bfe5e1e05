/**
 * Turn-taking: who speaks next. One file for each strategy.
 *
 * @module
 */
import type { RuleSpec } from "../events/discussion_design.ts";
import { mention } from "./mention.ts";
import { random } from "./random.ts";
import { respond } from "./respond.ts";
import { roundRobin } from "./round_robin.ts";
import type { TurnTakingStrategy } from "./strategy.ts";
import { weighted } from "./weighted.ts";

/** Name → strategy: the built-in strategies, and those that the experiment adds. */
export type TurnTakingStrategies = ReadonlyMap<string, TurnTakingStrategy>;

/** The built-in strategies. To add one, write its file and list it here. */
const builtIn = (
  strategies: (name: string) => TurnTakingStrategy | undefined,
): readonly TurnTakingStrategy[] => [
  roundRobin,
  random,
  respond,
  weighted,
  mention(strategies),
];

/**
 * The built-in strategies, and those that a researcher adds.
 *
 * @param own Further strategies. A strategy with a built-in name replaces the built-in one.
 */
export function turnTakingStrategies(own: Iterable<TurnTakingStrategy> = []): TurnTakingStrategies {
  const strategies = new Map<string, TurnTakingStrategy>();
  for (const strategy of [...builtIn((name) => strategies.get(name)), ...own]) {
    strategies.set(strategy.name, strategy);
  }
  return strategies;
}

/**
 * The strategy that a rule names.
 *
 * @returns `null` if the strategy is missing, or another strategy that it needs. This happens if the file of
 *   a researcher was not loaded.
 */
export function strategyOf(
  { name, options }: RuleSpec,
  strategies: TurnTakingStrategies,
): TurnTakingStrategy | null {
  const strategy = strategies.get(name);
  const isWhole = strategy?.needs?.(options).every((needed) => strategies.has(needed)) ?? true;
  return strategy !== undefined && isWhole ? strategy : null;
}

export {
  type SelectSpeaker,
  speakerClause,
  type TurnTakingStrategy,
  type TurnTakingView,
} from "./strategy.ts";
