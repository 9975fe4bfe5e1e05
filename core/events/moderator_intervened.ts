/** `ModeratorIntervened`: a moderator's comment. */
import { z } from "../zod.ts";
import { demandNext, type EventType } from "./event_type.ts";
import type { Generation, TakenOut } from "./models.ts";
import { said } from "./shapes.ts";

/** The moderator was asked after a turn and said something. */
export type ModeratorIntervened = Readonly<{
  type: "ModeratorIntervened";
  data:
    & Readonly<{
      /** The 0-based turn after which the moderator was asked. */
      turn: number;
      /** 0-based ordinal of the comment in its discussion. */
      comment: number;
      moderator: string;
      text: string;
      /** The reply as the model gave it, where `text` differs from it. */
      raw?: string;
      /** None where the discussion was held elsewhere and imported. */
      generation?: Generation;
    }>
    & TakenOut;
}>;

export const moderatorIntervened: EventType<ModeratorIntervened> = {
  version: 1,
  schema: z.object({ ...said, moderator: z.string() }),
  follows(order, { data }) {
    demandNext("turn", order.turn - 1, data.turn);
    demandNext("comment", order.comment, data.comment);
    return { ...order, comment: order.comment + 1, slots: order.slots + 1 };
  },
};
