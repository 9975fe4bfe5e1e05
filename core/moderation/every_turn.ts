/** `every-turn`: the moderator is asked after each turn. */
import type { ModerationSchedule } from "./schedule.ts";

/** Asks the moderator after every turn, silent ones included. */
export const everyTurn: ModerationSchedule = { name: "every-turn", mayAbstain: false, isDue: () => true };
