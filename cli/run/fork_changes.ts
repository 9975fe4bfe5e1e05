/** Finds changes of branches that change nothing. */
import type { Plan } from "../../core/experiment/mod.ts";
import { BRANCH } from "../../core/experiment/branch.ts";
import { canonical, type Json } from "../../core/json.ts";
import { UsageError } from "../shared/program.ts";

type Changes = Readonly<Record<string, Json>>;

/**
 * Refuses a change that changes nothing: without it, the changed branches would be the same.
 *
 * @param planOf Makes the plan of the branches with other changes.
 * @throws {UsageError} With the path of the first such change.
 */
export async function refuseIdleChanges(
  plan: Plan,
  changes: Changes,
  planOf: (changes: Changes) => Promise<Plan>,
): Promise<void> {
  for (const path of Object.keys(changes)) {
    const { [path]: _, ...others } = changes;
    const isOnly = Object.keys(others).length === 0;
    const without = isOnly ? plan : await planWithout(() => planOf(others));
    const level = isOnly ? BRANCH.unchanged : BRANCH.changed;
    if (without === null || differ(plan, without, level)) continue;
    throw new UsageError(
      `Cannot set "${path}": this changes no discussion. The discussions already have this value, or do not use it. ` +
        "Give another value, or leave it out",
    );
  }
}

/** The plan of the branches without one of the changes; `null` if the other changes need this one. */
async function planWithout(plan: () => Promise<Plan>): Promise<Plan | null> {
  try {
    return await plan();
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}

/**
 * Whether the changed branches of a plan differ from branches of another plan.
 *
 * @param level The level of these other branches: changed or unchanged.
 */
function differ(plan: Plan, other: Plan, level: string): boolean {
  const others = branchesOf(other, level);
  for (const branch of branchesOf(plan, BRANCH.changed)) {
    if (branch !== others.next().value) return true;
  }
  return false;
}

function* branchesOf(plan: Plan, level: string): Generator<string> {
  for (const { id: _id, condition: _condition, factors, ...design } of plan) {
    if (factors[BRANCH.factor] === level) yield canonical(design);
  }
}
