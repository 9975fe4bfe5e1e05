/** The events after a discussion's end: annotators annotate its comments. */
import { z } from "../zod.ts";
import type { ScaleValue } from "../annotation/scales/mod.ts";
import { type AnnotationDesign, annotationDesignSchema } from "./annotation_design.ts";
import { demand, demandRunningPass, type EventTypes, type OrderState } from "./event_type.ts";
import type { Generation, ModelErrorKind, TakenOut } from "./models.ts";
import { annotated, count, failure, reply, values } from "./shapes.ts";

/**
 * An annotation pass over a finished discussion began. `data` holds everything that is needed to resume the pass.
 * When more annotators are imported into a pass, the event is recorded again with all annotators.
 */
export type AnnotationPassStarted = Readonly<{ type: "AnnotationPassStarted"; data: AnnotationDesign }>;

/** A comment, and the annotator who was asked about it. */
export type AnnotatedComment = Readonly<{
  pass: string;
  /** 0-based ordinal of the comment in its discussion. */
  comment: number;
  annotator: string;
}>;

/** An annotator was asked about a comment, and the reply holds a valid value for every scale of the request. */
export type CommentAnnotated = Readonly<{
  type: "CommentAnnotated";
  data:
    & AnnotatedComment
    & Readonly<{
      /** Scale → value, for the scales of this request. */
      values: Readonly<Record<string, ScaleValue>>;
      /**
       * Scale → allowed answer → its probability, if the model reports them. The probabilities of a scale sum to one.
       */
      probabilities?: Readonly<Record<string, Readonly<Record<string, number>>>>;
      /** The reply as the model gave it. Missing if the annotation was imported. */
      raw?: string;
      /** 1-based number of the request that got this reply. */
      attempt?: number;
      generation?: Generation;
    }>
    & TakenOut;
}>;

/**
 * An imported annotation of a silent slot. A silence is no comment, so it has no ordinal. Its position among
 * all slots identifies it.
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

/**
 * An annotator's reply had no valid value for a scale, or several values. The log keeps the reply, and no
 * value is guessed.
 */
export type AnnotationUnparsed = Readonly<{
  type: "AnnotationUnparsed";
  data:
    & AnnotatedComment
    & Readonly<{
      /** The scales of this request. */
      scales: readonly string[];
      /** The reply as the model gave it. */
      raw: string;
      /** Why the reply could not be read, as a text for people. */
      problem: string;
      /**
       * 1-based number of the request for this question. The annotator is asked again until the retries are
       * used up.
       */
      attempt: number;
      /** Missing if the reply was imported. */
      generation?: Generation;
    }>
    & TakenOut;
}>;

/** A request to an annotator failed after all attempts. The pass does not advance, and can be resumed. */
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

/**
 * The pass has asked all its questions about the discussion. Each question has a value, or only replies that
 * could not be read.
 */
export type AnnotationPassCompleted = Readonly<{
  type: "AnnotationPassCompleted";
  data: Readonly<{
    pass: string;
    /** Questions whose reply was read. */
    annotated: number;
    /** Questions that failed after all retries, because no reply could be read. */
    unparsed: number;
  }>;
}>;

/** An event of an annotation pass. */
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
      // An imported pass starts again when more annotators are imported into it.
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
      demand(
        data.position < order.slots,
        `an annotation of slot ${data.position}, expected a number below ${order.slots}`,
      );
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
  demand(
    data.comment < order.comment,
    `an annotation of comment ${data.comment}, expected a number below ${order.comment}`,
  );
  return order;
}
