/** `DiscussionCompleted`: the discussion reached its end. */
import { z } from "../zod.ts";
import { demandNext, type EventType } from "./event_type.ts";
import { ending } from "./shapes.ts";

/** The discussion ended as designed, or was ended early by the caller's own rule. */
export type DiscussionCompleted = Readonly<{
  type: "DiscussionCompleted";
  data: Readonly<{
    reason: "turns" | "stopped-early";
    /** Turns that were asked for, silent ones included. */
    turns: number;
    /** Comments posted, opening comments and interventions included. */
    comments: number;
    /** The caller's words, where it was ended early. */
    note?: string;
  }>;
}>;

export const discussionCompleted: EventType<DiscussionCompleted> = {
  version: 1,
  schema: z.object({ ...ending, reason: z.enum(["turns", "stopped-early"]), note: z.string().optional() }),
  follows(order, { data }) {
    demandNext("number of turns", order.turn, data.turns);
    demandNext("number of comments", order.comment, data.comments);
    return { ...order, phase: "ended" };
  },
};
