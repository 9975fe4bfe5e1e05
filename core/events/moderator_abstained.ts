/** `ModeratorAbstained`: the moderator saw no need to speak. */
import type { Generation } from "./models.ts";
import type { TakenOut } from "./taken_out.ts";
import type { SilenceReason } from "./turn_passed.ts";

/** The moderator was asked after a turn and stayed silent. It enters no prompt. */
export type ModeratorAbstained = Readonly<{
  type: "ModeratorAbstained";
  data:
    & Readonly<{
      /** The 0-based turn after which the moderator was asked. */
      turn: number;
      moderator: string;
      reason: SilenceReason;
      /** The reply as the model gave it. */
      raw: string;
      /** None where the discussion was held elsewhere and imported. */
      generation?: Generation;
    }>
    & TakenOut;
}>;
