/** `AnnotationUnparsed`: a reply that holds no valid value. */
import { z } from "../zod.ts";
import { demandComment, type EventType } from "./event_type.ts";
import type { Generation, TakenOut } from "./models.ts";
import { annotated, reply } from "./shapes.ts";

/** An annotator's reply held no valid value, or more than one. It is kept and counted; nothing is guessed from it. */
export type AnnotationUnparsed = Readonly<{
  type: "AnnotationUnparsed";
  data:
    & Readonly<{
      pass: string;
      /** 0-based ordinal of the comment in its discussion. */
      comment: number;
      annotator: string;
      /** The scales that were asked for. */
      scales: readonly string[];
      /** The reply as the model gave it. */
      raw: string;
      /** Why it could not be read, for people. */
      problem: string;
      /** 1-based; the annotator is asked again until the pass's retries are used up. */
      attempt: number;
      /** None where the reply comes from elsewhere and was read here. */
      generation?: Generation;
    }>
    & TakenOut;
}>;

export const annotationUnparsed: EventType<AnnotationUnparsed> = {
  version: 1,
  schema: z.object({
    ...annotated,
    scales: z.array(z.string()),
    raw: z.string(),
    problem: z.string(),
    attempt: z.int().positive(),
    ...reply,
  }),
  follows(order, { type, data }) {
    demandComment(order, type, data);
    return order;
  },
};
