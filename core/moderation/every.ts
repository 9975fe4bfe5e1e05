/** `every: n`: the moderator is asked after each n-th turn. */
import type { ModerationSchedule } from "./schedule.ts";

/** Asks the moderator after turns n, 2n, 3n … (counted from one), silent ones included. */
export const every: ModerationSchedule = {
  name: "every",
  mayAbstain: false,
  isDue: (view, options) => (view.turn + 1) % Number(options.n) === 0,
  check: ({ n }) =>
    Number.isSafeInteger(n) && Number(n) >= 1 ? [] : ["n must be a whole number of at least 1"],
};
