/** What an experiment sets out to do, without planning each of its discussions. */
import type { DiscussionSettings, Plan } from "../../core/experiment/mod.ts";
import type { Shard } from "../shared/arguments.ts";
import type { Totals } from "../progress/tally.ts";

/**
 * The discussions and turns of an experiment, or of a part of it.
 *
 * @param plan The plan.
 * @param shard The part that is held.
 * @returns Exact, but for turns where their number varies within a condition: then it is their mean.
 */
export function plannedTotals(plan: Plan, shard: Shard = { index: 1, count: 1 }): Totals {
  const { conditions } = plan;
  // A part has whole replicates.
  const replicates = Math.max(
    0,
    Math.ceil((plan.size / conditions.length - (shard.index - 1)) / shard.count),
  );
  const turns = conditions.reduce((sum, { variants }) => sum + mean(variants, ({ turns }) => turns), 0);
  return { discussions: replicates * conditions.length, turns: Math.round(replicates * turns) };
}

/** The mean over the variants of a condition, each of which is as likely as the others. */
export function mean(
  variants: readonly DiscussionSettings[],
  measure: (settings: DiscussionSettings) => number,
): number {
  return variants.reduce((sum, settings) => sum + measure(settings), 0) / variants.length;
}
