/** What a person who annotates a comment is allowed to see. */
import type { AnnotationSituation } from "../ports/situation.ts";
import type { AskAnnotator } from "./decide.ts";
import { type AnnotationState, shownWith } from "./state.ts";

/** The situation of the annotator whom a step asks, with the same comments as in the step's prompt. */
export function annotationSituation(
  state: AnnotationState,
  { pass, question: { comment, scales }, attempt }: Pick<AskAnnotator, "pass" | "question" | "attempt">,
): AnnotationSituation {
  const shown = shownWith(state, { pass, comment }).map(({ comment, author, text }) => ({
    comment,
    author,
    text,
  }));
  return { kind: "annotation", comment: shown.at(-1)!, before: shown.slice(0, -1), scales, attempt };
}
