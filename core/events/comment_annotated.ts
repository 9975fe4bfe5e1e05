/** `CommentAnnotated`: one annotator's judgement of one comment. */
import type { ScaleValue } from "../annotation/scales/mod.ts";
import type { Generation } from "./models.ts";
import type { TakenOut } from "./taken_out.ts";

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
      /** Scale → allowed answer → its probability, where the model gives them; those of a scale sum to one. */
      probabilities?: Readonly<Record<string, Readonly<Record<string, number>>>>;
      /** The reply as the model gave it; none where the judgement comes from elsewhere. */
      raw?: string;
      /** 1-based: how often the annotator had to be asked. */
      attempt?: number;
      generation?: Generation;
    }>
    & TakenOut;
}>;
