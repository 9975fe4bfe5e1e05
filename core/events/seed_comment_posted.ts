/** `SeedCommentPosted`: an opening comment. */
import { z } from "../zod.ts";
import { demand, demandNext, type EventType } from "./event_type.ts";
import { count } from "./shapes.ts";

/** An opening comment was posted that no model generated. */
export type SeedCommentPosted = Readonly<{
  type: "SeedCommentPosted";
  data: Readonly<{
    /** 0-based ordinal of the comment in its discussion: with the stream's name, the comment's identity. */
    comment: number;
    /** The name of a participant, or of an author who does not take part otherwise. */
    author: string;
    text: string;
  }>;
}>;

export const seedCommentPosted: EventType<SeedCommentPosted> = {
  version: 1,
  schema: z.object({ comment: count, author: z.string(), text: z.string() }),
  follows(order, { data }) {
    demand(order.turn === 0, "an opening comment after the first turn");
    demandNext("comment", order.comment, data.comment);
    return { ...order, comment: order.comment + 1, slots: order.slots + 1 };
  },
};
