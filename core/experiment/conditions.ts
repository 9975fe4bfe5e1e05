/** Conditions: the combinations of the crossed factors' levels, each with its settings. */
import { combinationCount, combinations } from "./combinations.ts";
import type { ReadDesign } from "./design_section.ts";
import type { Condition, DiscussionSettings } from "./experiment.ts";
import { type Finding, quoted } from "./problems.ts";

/** The label of the only condition of an experiment without factors. */
const ONLY_CONDITION = "base";

/**
 * Makes the conditions.
 *
 * @param design The factors.
 * @param settings The settings of all combinations, in the order of `combinations([...factors, ...vary])`.
 */
export function conditionsOf(
  design: ReadDesign,
  settings: readonly DiscussionSettings[],
): readonly Condition[] {
  const variants = combinationCount(design.vary);
  return labelled(design).map(({ label, factors }, at) => ({
    label,
    factors,
    variants: settings.slice(at * variants, (at + 1) * variants),
  }));
}

/** Labels that hold the joint themselves can make two conditions look alike. */
export function conditionFindings(design: ReadDesign): readonly Finding[] {
  const seen = new Set<string>();
  const twice = labelled(design).map(({ label }) => label).find((label) =>
    seen.size === seen.add(label).size
  );
  if (twice === undefined) return [];
  const message = `two conditions would have the label ${quoted(twice)}: give levels labels without "+"`;
  return [{ path: ["design", "factors"], part: "key", message }];
}

function labelled({ factors }: ReadDesign): Pick<Condition, "label" | "factors">[] {
  return [...combinations(factors)].map((choice) => {
    const labels = factors.map(({ path, levels }, at) => [path, levels[choice[at]!]!.label] as const);
    const label = labels.length === 0 ? ONLY_CONDITION : labels.map(([, level]) => level).join("+");
    return { label, factors: Object.fromEntries(labels) };
  });
}
