/** `CommentAnnotated`: one annotator's values for one comment. */
import { z } from "../zod.ts";
import type { ScaleValue } from "../annotation/scales/mod.ts";
import { demandComment, type EventType } from "./event_type.ts";
import type { Generation, TakenOut } from "./models.ts";
import { annotated, reply, values } from "./shapes.ts";

/** An annotator was asked about a comment, and the reply holds a valid value for every scale that was asked for. */
export type CommentAnnotated = Readonly<{
  type: "CommentAnnotated";
  data:
    & Readonly<{
      pass: string;
      /** 0-based ordinal of the comment in its discussion. */
      comment: number;
      annotator: string;
      /** Scale → value, for the scales that this request asked for. */
      values: Readonly<Record<string, ScaleValue>>;
      /** Scale → allowed answer → its probability, where the model gives them; the probabilities of a scale sum to one. */
      probabilities?: Readonly<Record<string, Readonly<Record<string, number>>>>;
      /** The reply as the model gave it; left out when the annotation was imported. */
      raw?: string;
      /** 1-based: how often the annotator had to be asked. */
      attempt?: number;
      generation?: Generation;
    }>
    & TakenOut;
}>;

export const commentAnnotated: EventType<CommentAnnotated> = {
  version: 1,
  schema: z.object({
    ...annotated,
    values,
    probabilities: z.record(z.string(), z.record(z.string(), z.number().min(0).max(1))).optional(),
    raw: z.string().optional(),
    attempt: z.int().positive().optional(),
    ...reply,
  }),
  follows(order, { type, data }) {
    demandComment(order, type, data);
    return order;
  },
};
