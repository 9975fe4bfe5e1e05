/** What happens to a discussion after its end: passes of annotators over its comments. */
import { z } from "../zod.ts";
import type { ScaleValue } from "../annotation/scales/mod.ts";
import { type AnnotationDesign, annotationDesignSchema } from "./annotation_design.ts";
import { demand, demandRunningPass, type EventTypes, type OrderState } from "./event_type.ts";
import type { Generation, ModelErrorKind, TakenOut } from "./models.ts";
import { annotated, count, failure, reply, values } from "./shapes.ts";

/**
 * A pass over the comments of a finished discussion began; `data` holds everything that is needed to resume it. When
 * further annotators of an imported pass come in, it is recorded again and names all of them.
 */
export type AnnotationPassStarted = Readonly<{ type: "AnnotationPassStarted"; data: AnnotationDesign }>;

/** An annotator and a comment that the annotator was asked about. */
export type AnnotatedComment = Readonly<{
  pass: string;
  /** 0-based ordinal of the comment in its discussion. */
  comment: number;
  annotator: string;
}>;

/** An annotator was asked about a comment, and the reply holds a valid value for every scale that was asked for. */
export type CommentAnnotated = Readonly<{
  type: "CommentAnnotated";
  data:
    & AnnotatedComment
    & Readonly<{
      /** Scale → value, for the scales that this request asked for. */
      values: Readonly<Record<string, ScaleValue>>;
      /** Scale → allowed answer → its probability, if the model gives them; the probabilities of a scale sum to one. */
      probabilities?: Readonly<Record<string, Readonly<Record<string, number>>>>;
      /** The reply as the model gave it; left out when the annotation was imported. */
      raw?: string;
      /** 1-based: how often the annotator had to be asked. */
      attempt?: number;
      generation?: Generation;
    }>
    & TakenOut;
}>;

/**
 * Annotators elsewhere annotated silent slots, too. A silence is not a comment and has no ordinal: it is named by its
 * position among all slots.
 */
export type SilenceAnnotated = Readonly<{
  type: "SilenceAnnotated";
  data: Readonly<{
    pass: string;
    /** 0-based position among the slots of the discussion: openings, turns and moderations, silent ones included. */
    position: number;
    annotator: string;
    /** Scale → value. */
    values: Readonly<Record<string, ScaleValue>>;
  }>;
}>;

/** An annotator's reply held no valid value, or more than one. It is kept and counted; nothing is guessed from it. */
export type AnnotationUnparsed = Readonly<{
  type: "AnnotationUnparsed";
  data:
    & AnnotatedComment
    & Readonly<{
      /** The scales that were asked for. */
      scales: readonly string[];
      /** The reply as the model gave it. */
      raw: string;
      /** Why it could not be read, for people. */
      problem: string;
      /** 1-based; the annotator is asked again until the pass's retries are used up. */
      attempt: number;
      /** None if the reply comes from elsewhere and was read here. */
      generation?: Generation;
    }>
    & TakenOut;
}>;

/** A request to an annotator failed after all attempts. The pass stays where it is, and can be resumed. */
export type AnnotationFailed = Readonly<{
  type: "AnnotationFailed";
  data:
    & AnnotatedComment
    & Readonly<{
      /** The model's name in the pass's design. */
      model: string;
      kind: ModelErrorKind;
      retryable: boolean;
    }>;
}>;

/** Everything that the pass asks about the discussion has been answered, or could not be read. */
export type AnnotationPassCompleted = Readonly<{
  type: "AnnotationPassCompleted";
  data: Readonly<{
    pass: string;
    /** Requests whose reply was read. */
    annotated: number;
    /** Requests that failed after all retries, because no reply could be read. */
    unparsed: number;
  }>;
}>;

/** What happens to a discussion after its end: its comments are annotated. */
export type AnnotationEvent =
  | AnnotationPassStarted
  | CommentAnnotated
  | SilenceAnnotated
  | AnnotationUnparsed
  | AnnotationFailed
  | AnnotationPassCompleted;

export const ANNOTATION_TYPES: EventTypes<AnnotationEvent> = {
  AnnotationPassStarted: {
    version: 1,
    schema: annotationDesignSchema,
    follows(order, { data }) {
      // An imported pass starts again when further annotators of it are imported.
      const isFirst = !order.passes.has(data.pass) || data.source !== undefined;
      demand(isFirst, `a second start of the pass "${data.pass}"`);
      return { ...order, passes: new Map(order.passes).set(data.pass, false) };
    },
  },
  CommentAnnotated: {
    version: 1,
    schema: z.object({
      ...annotated,
      values,
      probabilities: z.record(z.string(), z.record(z.string(), z.number().min(0).max(1))).optional(),
      raw: z.string().optional(),
      attempt: z.int().positive().optional(),
      ...reply,
    }),
    follows: aboutComment,
  },
  SilenceAnnotated: {
    version: 1,
    schema: z.object({ pass: z.string(), position: count, annotator: z.string(), values }),
    follows(order, { type, data }) {
      demandRunningPass(order, type, data.pass);
      demand(data.position < order.slots, `an annotation of slot ${data.position}, of ${order.slots}`);
      return order;
    },
  },
  AnnotationUnparsed: {
    version: 1,
    schema: z.object({
      ...annotated,
      scales: z.array(z.string()),
      raw: z.string(),
      problem: z.string(),
      attempt: z.int().positive(),
      ...reply,
    }),
    follows: aboutComment,
  },
  AnnotationFailed: { version: 1, schema: z.object({ ...annotated, ...failure }), follows: aboutComment },
  AnnotationPassCompleted: {
    version: 1,
    schema: z.object({ pass: z.string(), annotated: count, unparsed: count }),
    follows(order, { type, data }) {
      demandRunningPass(order, type, data.pass);
      return { ...order, passes: new Map(order.passes).set(data.pass, true) };
    },
  },
};

function aboutComment(
  order: OrderState,
  { type, data }: CommentAnnotated | AnnotationUnparsed | AnnotationFailed,
): OrderState {
  demandRunningPass(order, type, data.pass);
  demand(data.comment < order.comment, `an annotation of comment ${data.comment}, of ${order.comment}`);
  return order;
}
