/** Factors as the conditions of runs tell them. */
import type { RunFacts } from "./facts.ts";
import { named } from "./words.ts";

/** Factor → the labels of its levels, in the order in which the runs' conditions have them. */
export function factorsOf(runs: readonly Pick<RunFacts, "design">[]): ReadonlyMap<string, readonly string[]> {
  const factors = new Map<string, Set<string>>();
  for (const { value } of runs.flatMap(({ design }) => design.conditions.values)) {
    for (const [factor, label] of Object.entries(value.factors)) {
      factors.set(factor, (factors.get(factor) ?? new Set()).add(label));
    }
  }
  return new Map([...factors].map(([factor, labels]) => [factor, [...labels]]));
}

/** Factors and their levels in a sentence: `moderator (none, gentle)`. */
export function factorTexts(factors: ReadonlyMap<string, readonly string[]>): readonly string[] {
  return [...factors].map(([factor, labels]) => `${factor} (${named(labels)})`);
}
