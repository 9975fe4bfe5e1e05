/** What an experiment sets out to do, without planning each of its discussions. */
import type { DiscussionSettings, Plan } from "../core/experiment/mod.ts";
import type { Shard } from "./arguments.ts";
import type { Totals } from "./progress/tally.ts";

/**
 * The discussions and turns of an experiment, or of a part of it.
 *
 * @param plan The plan.
 * @param shard The part that is held.
 * @returns Exact, but for the turns of a part of unequal conditions, and of varied numbers of turns: their mean.
 */
export function plannedTotals(plan: Plan, shard: Shard = { index: 1, count: 1 }): Totals {
  const discussions = Math.floor((plan.size - shard.index) / shard.count) + 1;
  const turns = plan.conditions.reduce((sum, { variants }) => sum + mean(variants, ({ turns }) => turns), 0);
  return { discussions, turns: Math.round((discussions * turns) / plan.conditions.length) };
}

/** The mean over the variants of a condition, each of which is as likely as the others. */
export function mean(
  variants: readonly DiscussionSettings[],
  measure: (settings: DiscussionSettings) => number,
): number {
  return variants.reduce((sum, settings) => sum + measure(settings), 0) / variants.length;
}
