/**
 * Annotation: any number of annotators annotate the comments of finished discussions, on any number of scales.
 *
 * @module
 */
export {
  annotated,
  annotationFailed,
  type AnnotationStep,
  type AskAnnotator,
  decideAnnotation,
  leavingOutContext,
} from "./decide.ts";
export { ANNOTATION_PROMPT_VERSION, annotationPrompt } from "./prompt.ts";
export { CANNOT_TELL, type ReadableReply, type Reading, readReply, withoutValue } from "./read_reply.ts";
export {
  type ReadingChange,
  reparse,
  type Reparsed,
  type ReparseOptions,
  type StoredReply,
} from "./reparse.ts";
export { annotationSituation } from "./situation.ts";
export {
  annotationStart,
  type AnnotationState,
  evolveAnnotation,
  type PassProgress,
  type Question,
  questionAt,
  questionCount,
  questionsPerComment,
  targetComments,
  withholdComments,
} from "./state.ts";
