/** `TurnTaken`: a participant's comment. */
import { z } from "../zod.ts";
import { demandNext, type EventType } from "./event_type.ts";
import type { Generation, TakenOut } from "./models.ts";
import { said } from "./shapes.ts";

/** A participant was asked and said something. */
export type TurnTaken = Readonly<{
  type: "TurnTaken";
  data:
    & Readonly<{
      /** 0-based turn. */
      turn: number;
      /** 0-based ordinal of the comment in its discussion. */
      comment: number;
      participant: string;
      /** The comment as the others read it. */
      text: string;
      /** The reply as the model gave it, where `text` differs from it. */
      raw?: string;
      /** None where the discussion was held elsewhere and imported. */
      generation?: Generation;
    }>
    & TakenOut;
}>;

export const turnTaken: EventType<TurnTaken> = {
  version: 1,
  schema: z.object({ ...said, participant: z.string() }),
  follows(order, { data }) {
    demandNext("turn", order.turn, data.turn);
    demandNext("comment", order.comment, data.comment);
    return { ...order, turn: order.turn + 1, comment: order.comment + 1, slots: order.slots + 1 };
  },
};
