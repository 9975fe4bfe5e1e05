/** A moderation schedule: after a loud comment, but not twice within `pause` turns. */
import type { ModerationSchedule } from "@syndisco/syndisco";

const afterShouting: ModerationSchedule = {
  name: "after-shouting",
  mayAbstain: true,
  isDue(view, options) {
    const isLoud = !view.silent && (view.lastComment?.text.includes("!") ?? false);
    const sinceLast = view.turn - (view.lastIntervention ?? -Infinity);
    return isLoud && sinceLast > Number(options.pause ?? 2);
  },
  check: ({ pause }) => pause === undefined || Number(pause) >= 0 ? [] : ["pause must be a number of turns"],
};

export default afterShouting;
