/** The order and the names of conditions and factors. */
import type { ConditionDesign, DesignFacts, DistinctValues } from "../projections/mod.ts";
import type { RunFacts } from "./facts.ts";
import { named, NAMED_MAX, quoted } from "./words.ts";

/** A condition, and how many discussions it has. */
export type ConditionCount = Readonly<{ condition: ConditionDesign; count: number }>;

/** The conditions of a run and their numbers of discussions, in the order of the factors' levels. */
export function conditionsInOrder(
  run: Pick<RunFacts, "design" | "levels">,
): readonly ConditionCount[] {
  const factors = factorsOf([run]);
  const places = new Map(
    [...factors].map(([factor, levels]) => [factor, new Map(levels.map((level, place) => [level, place]))]),
  );
  const placeOf = ({ factors }: ConditionDesign, factor: string) =>
    places.get(factor)!.get(factors[factor] ?? "") ?? -1;
  return run.design.conditions.values.map(({ value, count }) => ({ condition: value, count }))
    .sort(({ condition: one }, { condition: other }) => {
      for (const factor of factors.keys()) {
        const difference = placeOf(one, factor) - placeOf(other, factor);
        if (difference !== 0) return difference;
      }
      return one.label < other.label ? -1 : 1;
    });
}

/** Conditions as the text of a cell: `all`, or a level that they share (`moderator: gentle`), or their names. */
export function conditionsText(
  found: DistinctValues<string>,
  { conditions }: Pick<DesignFacts, "conditions">,
): string {
  const labels = new Set(found.values.map(({ value }) => value));
  if (found.complete && conditions.complete) {
    if (labels.size === conditions.values.length) return "all";
    const all = conditions.values.map(({ value }) => value);
    for (const factor of Object.keys(all[0]?.factors ?? {})) {
      const levels = new Set(
        all.filter(({ label }) => labels.has(label)).map(({ factors }) => factors[factor]!),
      );
      if (all.filter(({ factors }) => levels.has(factors[factor]!)).length === labels.size) {
        return `${factor}: ${named([...levels].sort())}`;
      }
    }
  }
  return named([...labels].sort(), found.complete);
}

/**
 * Factor → the labels of its levels, in the order of the experiment file. If this order is unknown, they are
 * sorted.
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

/** Factors and their levels as text: `moderator (none, gentle)`. */
export function factorTexts(factors: ReadonlyMap<string, readonly string[]>): readonly string[] {
  return [...factors].map(([factor, labels]) => {
    // A label with a comma would look like two labels, so it is in quotation marks.
    const items = labels.map((label) => label.includes(",") ? quoted(label) : label);
    return `${factor} (${items.length > NAMED_MAX ? named(items) : items.join(", ")})`;
  });
}
