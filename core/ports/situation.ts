/**
 * What a person who is asked is allowed to see: comments and scales, in place of a prompt. These types have
 * no prompt, persona, model or condition, so that no page can show them.
 */
import type { Scale } from "../annotation/scales/mod.ts";

/** A comment as people see it. It does not show the role of its author. */
export type SeenComment = Readonly<{
  /** 0-based ordinal in its discussion. */
  comment: number;
  author: string;
  text: string;
}>;

/** A participant's turn, or the moderator's question after a turn. */
export type SpeakerSituation = Readonly<{
  kind: "turn" | "moderation";
  /** The comments that a prompt would show, oldest first. */
  comments: readonly SeenComment[];
  /** Whether the person is allowed to say nothing. */
  mayBeSilent: boolean;
}>;

/** A question about a comment. */
export type AnnotationSituation = Readonly<{
  kind: "annotation";
  comment: SeenComment;
  /** The comments before it that a prompt would show, oldest first. */
  before: readonly SeenComment[];
  /** The scales that need a value. */
  scales: readonly Scale[];
  /** 1-based number of the request for this question. If it is above 1, the last answer could not be read. */
  attempt: number;
}>;

/** What a person who is asked is allowed to see. */
export type Situation = SpeakerSituation | AnnotationSituation;
