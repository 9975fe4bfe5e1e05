/**
 * Annotation: comments of finished discussions are judged, by any number of annotators and scales.
 *
 * @module
 */
export {
  annotationFailed,
  type AnnotationStep,
  type AskAnnotator,
  decideAnnotation,
  judged,
  leavingOutContext,
} from "./decide.ts";
export { ANNOTATION_PROMPT_VERSION, annotationPrompt } from "./prompt.ts";
export { type ReadableReply, type Reading, readReply } from "./read_reply.ts";
export {
  type ReadingChange,
  reparse,
  type Reparsed,
  type ReparseOptions,
  type StoredReply,
} from "./reparse.ts";
export {
  annotationStart,
  type AnnotationState,
  evolveAnnotation,
  type PassProgress,
  questionCount,
} from "./state.ts";
export { type Question, questionAt, questionsPerComment, targetComments } from "./targets.ts";
export { foldedLabel } from "./scales/wording.ts";
