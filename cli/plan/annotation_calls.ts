/** How often an annotation will ask its models, and about how many tokens that takes. */
import { type AnnotationDesign } from "../../core/events/mod.ts";
import { annotationPrompt, questionAt, questionsPerComment } from "../../core/annotation/mod.ts";
import type { DiscussionSettings, Plan } from "../../core/experiment/mod.ts";
import { moderatorCalls } from "./calls.ts";
import { CHARS_PER_TOKEN, COMMENT_TOKENS, type ModelTokens } from "./tokens.ts";

/** A judgement is a number or a word; texts are taken to be as long as their scale allows. */
export const JUDGEMENT_TOKENS = 4;

/** What one model will be asked at most: silent turns are no comments, and replies that cannot be read are extra. */
export type AnnotatorCalls = ModelTokens & Readonly<{ calls: number }>;

/**
 * Counts the questions of an annotation by model.
 *
 * @param design The pass.
 * @param plan The discussions that it is carried out over.
 */
export function countAnnotatorCalls(
  design: AnnotationDesign,
  plan: Plan,
): ReadonlyMap<string, AnnotatorCalls> {
  const replications = plan.size / plan.conditions.length;
  const comments = plan.conditions.reduce((sum, { variants }) =>
    sum +
    variants.reduce((sum, settings) => sum + commentsOf(settings, design), 0) *
      (replications / variants.length), 0);
  const counts = new Map<string, AnnotatorCalls>();
  const questions = questionsPerComment(design);
  const shown = ((design.history ?? meanTurns(plan) / 2) + 1) * COMMENT_TOKENS;
  for (let place = 0; place < questions; place++) {
    const { annotator, scales } = questionAt(design, [0], place);
    const messages = annotationPrompt(annotator, [], { scales, version: design.prompt.version });
    const prompt = messages.reduce((sum, { content }) => sum + content.length, 0) / CHARS_PER_TOKEN + shown;
    const reply = scales.reduce(
      (sum, scale) => sum + (scale.type === "text" ? scale.maxLength / CHARS_PER_TOKEN : JUDGEMENT_TOKENS),
      0,
    );
    const before = counts.get(annotator.model!) ?? { calls: 0, prompt: 0, reply: 0 };
    counts.set(annotator.model!, {
      calls: before.calls + Math.round(comments),
      prompt: Math.round(before.prompt + comments * prompt),
      reply: Math.round(before.reply + comments * reply),
    });
  }
  return counts;
}

/** Comments of one discussion that are judged, if nobody stays silent. */
function commentsOf(
  settings: DiscussionSettings,
  { targets: { of, perDiscussion = Infinity } }: AnnotationDesign,
): number {
  const moderated = of === "participants" ? 0 : moderatorCalls(settings).calls;
  const said = of === "moderators" ? 0 : settings.turns;
  const opened = of === "all" ? Math.max(0, ...settings.openings.map(({ length }) => length)) : 0;
  return Math.min(perDiscussion, said + moderated + opened);
}

function meanTurns({ conditions }: Plan): number {
  const turns = conditions.flatMap(({ variants }) => variants.map(({ turns }) => turns));
  return turns.reduce((sum, count) => sum + count, 0) / turns.length;
}
