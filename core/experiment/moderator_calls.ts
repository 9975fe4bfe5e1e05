/** Counts the requests to the moderator of a planned discussion. */
import { moderationSchedules } from "../moderation/mod.ts";
import type { DiscussionSettings } from "./experiment.ts";

const SCHEDULES = moderationSchedules();

/** A number of requests. If it is not exact, it depends on the comments, and this is its maximum. */
export type ModeratorCalls = Readonly<{ calls: number; isExact: boolean }>;

/**
 * The number of requests to the moderator of a discussion. A branch also asks after the last turn of its
 * past. A schedule that is not built in is assumed to ask after each turn.
 */
export function moderatorCalls(
  { moderator, turns, past }: Pick<DiscussionSettings, "moderator" | "turns" | "past">,
): ModeratorCalls {
  if (moderator === null) return { calls: 0, isExact: true };
  const { name, options } = moderator.schedule;
  const settled = Math.max((past?.[0]?.turns ?? 0) - 1, 0);
  const callsIn = SCHEDULES.get(name)?.calls;
  return callsIn === undefined
    ? { calls: turns - settled, isExact: false }
    : { calls: callsIn(turns, options) - callsIn(settled, options), isExact: true };
}
