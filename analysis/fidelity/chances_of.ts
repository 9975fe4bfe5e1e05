/** How likely each participant is to have the next turn, as the declared strategy says. */
import { BrokenRule, guarded } from "../../core/discussion/decide.ts";
import type { RuleOptions } from "../../core/events/mod.ts";
import type { TurnTakingStrategy, TurnTakingView } from "../../core/turn_taking/mod.ts";

/** Chances sum to one, up to rounding. */
const SUM_TOLERANCE = 1e-9;

/**
 * The chances that a strategy gives.
 *
 * @param strategy A turn-taking strategy.
 * @param view What it looks at.
 * @param options Its options.
 * @returns In the participants' order, summing to one; `null` where the strategy does not say.
 * @throws {BrokenRule} When the strategy fails, or gives anything else.
 */
export function chancesOf(
  strategy: TurnTakingStrategy,
  view: TurnTakingView,
  options: RuleOptions,
): readonly number[] | null {
  const { name } = strategy;
  const chances = guarded("turn-taking strategy", name, () => strategy.chances?.(view, options) ?? null);
  if (chances === null || areChances(chances, view.participants.length)) return chances;
  throw new BrokenRule(
    `Cannot use the turn-taking strategy "${name}": it gave the chances ${JSON.stringify(chances)}, ` +
      `expected ${view.participants.length} numbers from 0 to 1 that sum to 1`,
  );
}

function areChances(chances: readonly number[], length: number): boolean {
  return Array.isArray(chances) && chances.length === length && chances.every((chance) => chance >= 0) &&
    Math.abs(chances.reduce((sum, chance) => sum + chance, 0) - 1) <= SUM_TOLERANCE;
}
