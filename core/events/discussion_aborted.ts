/** `DiscussionAborted`: the discussion was aborted. */
import { z } from "../zod.ts";
import { demandNext, type EventType } from "./event_type.ts";
import { ending } from "./shapes.ts";

/** The discussion was aborted on purpose. Its data should not be used like a finished discussion's. */
export type DiscussionAborted = Readonly<{
  type: "DiscussionAborted";
  data: Readonly<{ reason: string; turns: number; comments: number }>;
}>;

export const discussionAborted: EventType<DiscussionAborted> = {
  version: 1,
  schema: z.object({ ...ending, reason: z.string() }),
  follows(order, { data }) {
    demandNext("number of turns", order.turn, data.turns);
    demandNext("number of comments", order.comment, data.comments);
    return { ...order, phase: "ended" };
  },
};
