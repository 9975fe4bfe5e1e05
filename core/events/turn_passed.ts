/** `TurnPassed`: a participant's silence. */
import { z } from "../zod.ts";
import { demandNext, type EventType } from "./event_type.ts";
import type { Generation, SilenceReason, TakenOut } from "./models.ts";
import { silent } from "./shapes.ts";

/** A participant was asked and stayed silent, passed, or the model refused. It enters no prompt. */
export type TurnPassed = Readonly<{
  type: "TurnPassed";
  data:
    & Readonly<{
      /** 0-based turn. */
      turn: number;
      participant: string;
      reason: SilenceReason;
      /** The reply as the model gave it. */
      raw: string;
      /** None where the discussion was held elsewhere and imported. */
      generation?: Generation;
    }>
    & TakenOut;
}>;

export const turnPassed: EventType<TurnPassed> = {
  version: 1,
  schema: z.object({ ...silent, participant: z.string() }),
  follows(order, { data }) {
    demandNext("turn", order.turn, data.turn);
    return { ...order, turn: order.turn + 1, slots: order.slots + 1 };
  },
};
