/** Which groups a plot shows. */
import type { Group, Grouping } from "../../outcomes/mod.ts";

/** More groups than these cannot be told apart in a plot: the first are shown. */
export const GROUPS_MAX = 8;

/** The groups that a plot shows, and what is to be said where it leaves some out. */
export function shownGroups({ groups }: Grouping): Readonly<{ groups: readonly Group[]; left: string }> {
  const left = groups.length - GROUPS_MAX;
  return {
    groups: groups.slice(0, GROUPS_MAX),
    left: left > 0 ? ` The first ${GROUPS_MAX} groups are shown; ${left} more are in the tables.` : "",
  };
}
