/** Describes an outcome in groups of discussions. */
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
import { isUnavailable } from "../statistics/unavailable.ts";
import { type OutcomeRange, rangeOf, withinRange } from "./outcome_range.ts";
import { numbersIn } from "./outcome_values.ts";
import type { Outcome } from "./outcomes.ts";

/** How intervals are computed: the seed of their random draws, and their level. */
export type Describing = Readonly<{ seed: string; level: number }>;

/** The values of a group: one list for each discussion. */
export function listsOf(outcome: Outcome, { members }: Group): readonly (readonly number[])[] {
  return members.map((member) => numbersIn(outcome.values, member));
}

/** Describes an outcome in each group. */
export function descriptionsOf(
  outcome: Outcome,
  { groups }: Grouping,
  describing: Describing,
): readonly Description[] {
  const intervalOf = outcome.unit === "comment" ? bootstrapped(describing) : ofStudentsT(describing.level);
  const range = rangeOf(outcome);
  return groups.map((group) => within(describe(listsOf(outcome, group), intervalOf), range));
}

/** Cuts the interval of a description's mean at the limits of the outcome. */
function within<Of extends Pick<Description, "interval">>(of: Of, range: OutcomeRange): Of {
  return isUnavailable(of.interval) ? of : { ...of, interval: withinRange(of.interval, range) };
}

/** The course of an outcome in a group: its mean at each time in the discussions. */
export type GroupCourse = Readonly<{ name: string; points: readonly TimePoint[] }>;

/**
 * The course of an outcome in each group. Groups without values are left out. A point covers `width` successive
 * times.
 */
export function coursesOf(
  outcome: Outcome,
  groups: readonly Group[],
  level: number,
): Readonly<{ width: number; series: readonly GroupCourse[] }> {
  const width = placesPerBin(outcome.values);
  const range = rangeOf(outcome);
  const series = groups.map(({ name, members }) => ({
    name,
    points: timeCourse(outcome.values, members, { width, level })
      .map((point) => within(point, range)),
  })).filter(({ points }) => points.length > 0);
  return { width, series };
}
