/** `every-turn`: the moderator is asked after each turn. */
import { z } from "../zod.ts";
import type { ModerationSchedule } from "./schedule.ts";

/** Asks the moderator after every turn, also after a silent one. */
export const everyTurn: ModerationSchedule = {
  name: "every-turn",
  options: z.strictObject({}),
  mayAbstain: false,
  isDue: () => true,
  calls: (turns) => turns,
  clause: () => "after every turn",
};
