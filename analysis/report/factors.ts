/** Factors as runs tell them. */
import type { RunFacts } from "./facts.ts";
import { named, NAMED_MAX } from "./words.ts";

/**
 * Factor → the labels of its levels: in the order of the experiment file where that is known, else in the order of code
 * units.
 */
export function factorsOf(
  runs: readonly Pick<RunFacts, "design" | "levels">[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const { value } of runs.flatMap(({ design }) => design.conditions.values)) {
    for (const [factor, label] of Object.entries(value.factors)) {
      found.set(factor, (found.get(factor) ?? new Set()).add(label));
    }
  }
  return new Map([...found].map(([factor, labels]) => {
    const known = runs.flatMap(({ levels }) => levels[factor] ?? []).filter((label) => labels.has(label));
    return [factor, [...new Set([...known, ...[...labels].sort()])]];
  }));
}

/** Factors and their levels in a sentence: `moderator (none, gentle)`. */
export function factorTexts(factors: ReadonlyMap<string, readonly string[]>): readonly string[] {
  return [...factors].map(([factor, labels]) =>
    `${factor} (${labels.length > NAMED_MAX ? named(labels) : labels.join(", ")})`
  );
}
