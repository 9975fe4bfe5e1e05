/** Which discussions are described together. */
import { type AnalysisDesign, TIME } from "../../core/experiment/analysis_design.ts";
import { CONDITION, type ObservedFactor, observedFactors } from "./factors.ts";
import type { Observation } from "./observation.ts";

/** Discussions that have something in common. */
export type Group = Readonly<{
  name: string;
  /** The indices of their observations. */
  members: readonly number[];
}>;

/** A way to part discussions. */
export type Grouping = Readonly<{
  /** What the groups differ by: a factor's name; `null` where nothing parts the discussions. */
  by: string | null;
  /** The reference comes first, if any discussion has it. */
  groups: readonly Group[];
  /** The group that the others are compared with; `null` where there is but one. */
  reference: string | null;
}>;

/**
 * The groups that a description goes by: the levels of each analysed factor, and the conditions where they part the
 * discussions in a way that no factor does.
 *
 * @param observations The discussions.
 * @param analysis What names the analysed factors; all that the discussions differ by where it names no effects.
 * @param order Factor → its levels in the order of the experiment file.
 * @returns One at the least: all discussions together, where they differ by nothing.
 */
export function groupings(
  observations: readonly Observation[],
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

/** Conditions in the order of their factors' levels: that of all references comes first. */
function conditionsByLevels(
  observations: readonly Observation[],
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

/** Whether two discussions have the same level of one factor exactly where they have that of the other. */
function partsAlike({ of: one }: ObservedFactor, { of: other }: ObservedFactor): boolean {
  const pairs = new Set(one.map((level, index) => JSON.stringify([level, other[index]])));
  return pairs.size === new Set(one).size && pairs.size === new Set(other).size;
}
