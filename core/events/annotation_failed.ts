/** `AnnotationFailed`: a request to an annotator that ended in an error. */
import { z } from "../zod.ts";
import { demandComment, type EventType } from "./event_type.ts";
import type { ModelErrorKind } from "./models.ts";
import { annotated, failure } from "./shapes.ts";

/** A request to an annotator failed after all attempts. The pass stays where it is, and can be resumed. */
export type AnnotationFailed = Readonly<{
  type: "AnnotationFailed";
  data: Readonly<{
    pass: string;
    /** 0-based ordinal of the comment in its discussion. */
    comment: number;
    annotator: string;
    /** The model's name in the pass's design. */
    model: string;
    kind: ModelErrorKind;
    retryable: boolean;
  }>;
}>;

export const annotationFailed: EventType<AnnotationFailed> = {
  version: 1,
  schema: z.object({ ...annotated, ...failure }),
  follows(order, { type, data }) {
    demandComment(order, type, data);
    return order;
  },
};
