/**
 * Moderation: after which turns the moderator is asked. One file for each schedule.
 *
 * @module
 */
import { every } from "./every.ts";
import { everyTurn } from "./every_turn.ts";
import { onDemand } from "./on_demand.ts";
import type { ModerationSchedule } from "./schedule.ts";
import { threshold } from "./threshold.ts";

/** Name → schedule: the built-in schedules, and those that the experiment adds. */
export type ModerationSchedules = ReadonlyMap<string, ModerationSchedule>;

/** The built-in schedules. To add one, write its file and list it here. */
const builtIn: readonly ModerationSchedule[] = [everyTurn, every, onDemand, threshold];

/**
 * The built-in schedules, and those that a researcher adds.
 *
 * @param own Further schedules. A schedule with a built-in name replaces the built-in one.
 */
export function moderationSchedules(own: Iterable<ModerationSchedule> = []): ModerationSchedules {
  return new Map([...builtIn, ...own].map((schedule) => [schedule.name, schedule]));
}

export { type ModerationSchedule, type ModerationView, scheduleClause } from "./schedule.ts";
