/** `on-demand`: the moderator is asked after each turn. The prompt offers silence. */
import { z } from "../zod.ts";
import type { ModerationSchedule } from "./schedule.ts";

/** Asks the moderator after every turn; its prompt offers the pass word. */
export const onDemand: ModerationSchedule = {
  name: "on-demand",
  options: z.strictObject({}),
  mayAbstain: true,
  isDue: () => true,
  calls: (turns) => turns,
  clause: () => "after every turn, and told that it need not speak",
};
