/** The facts about a run's plan that the index needs. */
import type { RunPlan } from "../../../analysis/listing/mod.ts";
import { conditionLabels, resolvedDesign } from "../../../core/experiment/mod.ts";
import type { RunReader } from "../../../core/ports/mod.ts";

/** The plan in the description of a run. */
export type PlanFacts = Omit<RunPlan, "run" | "paused">;

/** Reads the plan from the description of a run. */
export function planOf({ manifest: { experiment, plan, resolved } }: RunReader): PlanFacts {
  const levels = Object.values(resolvedDesign(resolved).levels);
  const isComplete = levels.reduce((product, { length }) => product * length, 1) === plan.conditions;
  return {
    // Imported discussions have no plan.
    discussions: experiment.file === null ? null : plan.discussions,
    conditions: experiment.file !== null && isComplete ? conditionLabels(levels) : [],
    replications: plan.replications,
  };
}
