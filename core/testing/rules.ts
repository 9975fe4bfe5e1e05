/** Rules for tests: the built-in ones, and what a test adds. */
import type { Rules } from "../discussion/mod.ts";
import { type ModerationSchedule, moderationSchedules } from "../moderation/mod.ts";
import { portableSha256 } from "../sha256.ts";
import { turnTakingStrategies, type TurnTakingStrategy } from "../turn_taking/mod.ts";

/** The built-in rules, the portable hash, and the rules given. */
export function rulesWith(
  { strategies = [], schedules = [] }: {
    strategies?: readonly TurnTakingStrategy[];
    schedules?: readonly ModerationSchedule[];
  } = {},
): Rules {
  return {
    strategies: turnTakingStrategies(strategies),
    schedules: moderationSchedules(schedules),
    sha256: portableSha256,
  };
}
