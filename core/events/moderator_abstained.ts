/** `ModeratorAbstained`: the moderator saw no need to speak. */
import { z } from "../zod.ts";
import { demandNext, type EventType } from "./event_type.ts";
import type { Generation, SilenceReason, TakenOut } from "./models.ts";
import { silent } from "./shapes.ts";

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

export const moderatorAbstained: EventType<ModeratorAbstained> = {
  version: 1,
  schema: z.object({ ...silent, moderator: z.string() }),
  follows(order, { data }) {
    demandNext("turn", order.turn - 1, data.turn);
    return { ...order, slots: order.slots + 1 };
  },
};
