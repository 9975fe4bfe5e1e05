/** `every: n`: the moderator is asked after each n-th turn. */
import { z } from "../zod.ts";
import type { ModerationSchedule } from "./schedule.ts";

const n = { error: "a whole number of at least 1" };

/** Asks the moderator after turns n, 2n, 3n … The first turn is 1, and silent turns count. */
export const every: ModerationSchedule = {
  name: "every",
  options: z.strictObject({ n: z.int(n).min(1, n).describe("After each n-th turn") }),
  mayAbstain: false,
  isDue: (view, options) => (view.turn + 1) % Number(options.n) === 0,
  calls: (turns, options) => Math.floor(turns / Number(options.n)),
  short: ({ n }) => `every ${n}`,
  clause: (options) => options.n === 1 ? "after every turn" : `after every ${options.n} turns`,
};
