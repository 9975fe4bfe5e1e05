/** Describes an outcome in groups of discussions. */
import { scaleTypeOf } from "../../core/annotation/scales/mod.ts";
import {
  bootstrapped,
  describe,
  type Description,
  ofStudentsT,
  placesPerBin,
  timeCourse,
  type TimePoint,
} from "./describe.ts";
import type { Group, Grouping } from "./factors.ts";
import type { Outcome } from "./outcomes.ts";

/** How intervals are computed: the seed of their random draws, and their level. */
export type Describing = Readonly<{ seed: string; level: number }>;

/** The values of a group: one list for each discussion. */
export function listsOf(outcome: Outcome, { members }: Group): readonly (readonly number[])[] {
  return members.map((member) => outcome.values[member]!.map(({ value }) => value));
}

/** Whether the mean of an outcome is a share, such as the share of a label or of yes. */
export function isShare({ scale }: Pick<Outcome, "scale">): boolean {
  return scale !== null && scaleTypeOf(scale).isShare;
}

/** Describes an outcome in each group. */
export function descriptionsOf(
  outcome: Outcome,
  { groups }: Grouping,
  describing: Describing,
): readonly Description[] {
  const intervalOf = outcome.unit === "comment" ? bootstrapped(describing) : ofStudentsT(describing.level);
  return groups.map((group) => describe(listsOf(outcome, group), intervalOf));
}

/** The course of an outcome in a group: its mean at each time of the discussions. */
export type GroupCourse = Readonly<{ name: string; points: readonly TimePoint[] }>;

/** The course of an outcome in each group that has one. `width` is how many times a point covers. */
export function coursesOf(
  outcome: Outcome,
  groups: readonly Group[],
  level: number,
): Readonly<{ width: number; series: readonly GroupCourse[] }> {
  const width = placesPerBin(outcome.values);
  const series = groups.map(({ name, members }) => ({
    name,
    points: timeCourse(members.map((member) => outcome.values[member]!), width, level),
  })).filter(({ points }) => points.length > 0);
  return { width, series };
}
