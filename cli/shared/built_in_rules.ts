/** The rules of a run without code of its own. */
import { nativeSha256 } from "../../adapters/system.ts";
import type { Rules } from "../../core/discussion/decide.ts";
import { moderationSchedules } from "../../core/moderation/mod.ts";
import { turnTakingStrategies } from "../../core/turn_taking/mod.ts";

/** The built-in strategies and schedules. */
export function builtInRules(): Rules {
  return { strategies: turnTakingStrategies(), schedules: moderationSchedules(), sha256: nativeSha256 };
}
