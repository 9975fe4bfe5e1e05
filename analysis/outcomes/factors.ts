/** What conditions differ by: the factors that outcomes are compared between. */
import type { AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import type { Observation } from "./observation.ts";

/** The factor of discussions that have conditions and no factors, as imported ones can. */
export const CONDITION = "condition";

/** The factor that tells several runs apart. */
export const RUN = "run";

/** A factor with the level of every observation. */
export type ObservedFactor = Readonly<{
  name: string;
  /** At least two; the reference comes first. */
  levels: readonly string[];
  /** What the others are compared with. */
  reference: string;
  /** One level an observation; `null` where it has none. */
  of: readonly (string | null)[];
}>;

/**
 * The factors that the observed discussions differ by.
 *
 * @param observations The discussions.
 * @param reference Factor → the level that its others are compared with.
 * @param order Factor → its levels in the order of the experiment file, as far as they are known; the order of code
 *   units where they are not, and the first level is the reference where none is named.
 * @returns Factors of two levels or more; those of the design first.
 */
export function observedFactors(
  observations: readonly Pick<Observation, "run" | "condition" | "factors">[],
  reference: AnalysisDesign["reference"],
  order: Readonly<Record<string, readonly string[]>> = {},
): readonly ObservedFactor[] {
  const names = new Set(observations.flatMap(({ factors }) => Object.keys(factors)));
  const factor = (name: string, of: readonly (string | null)[]): ObservedFactor => {
    const known = ownOf(order, name) ?? [];
    const found = new Set(of.filter((level) => level !== null));
    const others = [...found].filter((level) => !known.includes(level)).sort();
    const inOrder = [...known.filter((level) => found.has(level)), ...others];
    const first = ownOf(reference, name) ?? inOrder[0] ?? "";
    return { name, levels: [first, ...inOrder.filter((level) => level !== first)], reference: first, of };
  };
  const factors = [...names].map((name) =>
    factor(name, observations.map(({ factors }) => ownOf(factors, name) ?? null))
  );
  if (names.size === 0) factors.push(factor(CONDITION, observations.map(({ condition }) => condition)));
  factors.push(factor(RUN, observations.map(({ run }) => run)));
  return factors.filter(({ of }) => new Set(of.filter((level) => level !== null)).size > 1);
}

/**
 * What there is to compare discussions by.
 *
 * @param observations The discussions.
 * @param planned Factor → its levels in the order of the experiment file, those without any discussion too.
 * @returns The same for all factors, those that only the discussions tell of in the order of their levels' code units.
 */
export function factorLevels(
  observations: readonly Pick<Observation, "run" | "condition" | "factors">[],
  planned: Readonly<Record<string, readonly string[]>>,
): Readonly<Record<string, readonly string[]>> {
  const observed = observedFactors(observations, {}, planned).map(({ name, levels }) => [name, levels]);
  return { ...Object.fromEntries(observed), ...planned };
}

/** What a record says of a name, which can be any: that of what every object has, too. */
export function ownOf<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
