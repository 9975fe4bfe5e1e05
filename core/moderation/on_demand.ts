/** `on-demand`: the moderator is asked after each turn, and told that it need not speak. */
import type { ModerationSchedule } from "./schedule.ts";

/** Asks the moderator after every turn; its prompt offers the pass word. */
export const onDemand: ModerationSchedule = { name: "on-demand", mayAbstain: true, isDue: () => true };
