/** The factors in which discussions differ, and the groups of discussions by factor. */
import { type AnalysisDesign, TIME } from "../../core/experiment/analysis_design.ts";
import type { Observation } from "./observation.ts";

/** The name of the factor that stands for the condition if discussions have no factors, for example imported ones. */
export const CONDITION = "condition";

/** The name of the factor that says which run a discussion belongs to. */
export const RUN = "run";

/** The fields of a discussion that decide which group it is in. */
export type GroupedDiscussion = Pick<Observation, "run" | "condition" | "factors">;

/** A factor, with its level in each observation. */
export type ObservedFactor = Readonly<{
  name: string;
  /** At least two levels. The reference comes first. */
  levels: readonly string[];
  /** The level that the other levels are compared with. */
  reference: string;
  /** The level of each observation; `null` if it has none. */
  of: readonly (string | null)[];
}>;

/**
 * The factors in which the observed discussions differ.
 *
 * @param order Factor → its levels in the order of the experiment file. Other levels follow in the order of
 *   their Unicode code units. If the analysis names no reference, the first level is the reference.
 *
 * @returns Factors with at least two levels, the factors of the design first.
 */
export function observedFactors(
  observations: readonly GroupedDiscussion[],
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

/** The levels of each factor in the order of the runs and their experiment files. */
export function plannedLevels(
  runs: readonly Readonly<{ levels: Readonly<Record<string, readonly string[]>> }>[],
): Readonly<Record<string, readonly string[]>> {
  const planned = new Map<string, readonly string[]>();
  for (const [factor, labels] of runs.flatMap(({ levels }) => Object.entries(levels))) {
    planned.set(factor, [...new Set([...planned.get(factor) ?? [], ...labels])]);
  }
  return Object.fromEntries(planned);
}

/** The levels of all factors: planned levels in their order, then others in the order of their Unicode code units. */
export function factorLevels(
  observations: readonly GroupedDiscussion[],
  planned: Readonly<Record<string, readonly string[]>>,
): Readonly<Record<string, readonly string[]>> {
  const observed = observedFactors(observations, {}, planned).map(({ name, levels }) => [name, levels]);
  return { ...Object.fromEntries(observed), ...planned };
}

/** The value of a record's own property; `undefined` for inherited properties such as `constructor`. */
export function ownOf<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** A group of discussions, for example all discussions at one level of a factor. */
export type Group = Readonly<{
  name: string;
  /** The indices of the group's observations. */
  members: readonly number[];
}>;

/** A way to divide discussions into groups. */
export type Grouping = Readonly<{
  /** The name of the factor whose levels are the groups; `null` for one group of all discussions. */
  by: string | null;
  /** If any discussion has the reference level, its group comes first. */
  groups: readonly Group[];
  /** The group that the others are compared with; `null` if there is only one group. */
  reference: string | null;
}>;

/**
 * The ways to divide discussions into groups for descriptions: by each analysed factor, and by condition.
 * Conditions are left out if an analysed factor divides the discussions in the same way.
 *
 * @param analysis Its `effects` name the analysed factors. If it is `null`, all observed factors are analysed.
 *
 * @returns At least one grouping. If no factor divides the discussions, they form one group.
 */
export function groupings(
  observations: readonly GroupedDiscussion[],
  { effects, reference }: Pick<AnalysisDesign, "effects" | "reference">,
  order: Readonly<Record<string, readonly string[]>>,
): readonly Grouping[] {
  const observed = observedFactors(observations, reference, order);
  const named = new Set(effects?.flat().filter((name) => name !== TIME));
  const analysed = effects === null ? observed : observed.filter(({ name }) => named.has(name));
  const bare = observations.map(({ run, condition }) => ({ run, condition, factors: {} }));
  const conditions = { [CONDITION]: conditionsByLevels(observations, observed), ...order };
  const condition = observedFactors(bare, reference, conditions).find(({ name }) => name === CONDITION);
  const others = condition === undefined || analysed.some((factor) => partsAlike(factor, condition))
    ? []
    : [condition];
  const found = [...analysed, ...others].map(groupingBy);
  if (found.length > 0) return found;
  return [{
    by: null,
    groups: [{ name: "all discussions", members: [...observations.keys()] }],
    reference: null,
  }];
}

/** Conditions, sorted by the levels of their factors. The condition with all references comes first. */
function conditionsByLevels(
  observations: readonly GroupedDiscussion[],
  factors: readonly ObservedFactor[],
): readonly string[] {
  const places = new Map<string, readonly number[]>();
  for (const [index, { condition }] of observations.entries()) {
    if (places.has(condition)) continue;
    places.set(
      condition,
      factors.map(({ levels, of }) => of[index] == null ? -1 : levels.indexOf(of[index])),
    );
  }
  return [...places].toSorted(([oneName, one], [otherName, other]) => {
    const apart = one.findIndex((place, at) => place !== other[at]);
    return apart === -1 ? (oneName < otherName ? -1 : 1) : one[apart]! - other[apart]!;
  }).map(([name]) => name);
}

function groupingBy({ name, levels, reference, of }: ObservedFactor): Grouping {
  const members = Map.groupBy(of.keys(), (index) => of[index]!);
  const groups = levels.map((level) => ({ name: level, members: members.get(level) ?? [] }));
  return { by: name, groups: groups.filter(({ members }) => members.length > 0), reference };
}

/** Whether two factors divide the discussions in the same way. */
function partsAlike({ of: one }: ObservedFactor, { of: other }: ObservedFactor): boolean {
  const pairs = new Set(one.map((level, index) => JSON.stringify([level, other[index]])));
  return pairs.size === new Set(one).size && pairs.size === new Set(other).size;
}
