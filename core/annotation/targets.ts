/** Which comments a pass judges, and what it asks about each. */
import type { Comment } from "../discussion/state.ts";
import { openDraw } from "../random/mod.ts";
import type { Scale } from "./scales/mod.ts";
import type { AnnotationDesign, Annotator, Targets } from "../events/annotation_design.ts";

/**
 * The comments that a pass judges.
 *
 * @param comments All comments of the discussion.
 * @param design The pass.
 * @param discussion The discussion's id: each has a sample of its own.
 * @returns Their ordinals, in the order of the discussion.
 */
export function targetComments(
  comments: readonly Pick<Comment, "comment" | "by">[],
  { targets, seed, pass }: AnnotationDesign,
  discussion: string,
): readonly number[] {
  const eligible = comments.filter(({ by }) => isTarget(by, targets)).map(({ comment }) => comment);
  const { perDiscussion = Infinity } = targets;
  if (eligible.length <= perDiscussion) return eligible;
  return openDraw(seed, "targets", pass, discussion).sample(eligible, perDiscussion).sort((a, b) => a - b);
}

function isTarget(by: Comment["by"], { of }: Targets): boolean {
  switch (of) {
    case "all":
      return true;
    case "participants":
      return by === "participant";
    case "moderators":
      return by === "moderator";
    default:
      return of satisfies never;
  }
}

/** One question of a pass. */
export type Question = Readonly<{ comment: number; annotator: Annotator; scales: readonly Scale[] }>;

/** How many questions a pass asks about each comment. */
export function questionsPerComment({ annotators, codebook, requests }: AnnotationDesign): number {
  return annotators.length * (requests === "together" ? 1 : codebook.scales.length);
}

/**
 * The question at a place of the pass's fixed order: comment by comment, then annotator by annotator, then scale by
 * scale.
 *
 * @param place 0-based.
 */
export function questionAt(
  design: AnnotationDesign,
  targets: readonly number[],
  place: number,
): Question {
  const { annotators, codebook: { scales }, requests } = design;
  const perAnnotator = requests === "together" ? 1 : scales.length;
  const perComment = annotators.length * perAnnotator;
  const within = place % perComment;
  return {
    comment: targets[Math.floor(place / perComment)]!,
    annotator: annotators[Math.floor(within / perAnnotator)]!,
    scales: requests === "together" ? scales : [scales[within % perAnnotator]!],
  };
}
