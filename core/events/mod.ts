/**
 * The vocabulary of the system: everything that can happen in a discussion.
 *
 * @module
 */
export type { AnnotationFailed } from "./annotation_failed.ts";
export type { AnnotationPassCompleted } from "./annotation_pass_completed.ts";
export type { AnnotationPassStarted } from "./annotation_pass_started.ts";
export type { AnnotationUnparsed } from "./annotation_unparsed.ts";
export type { CommentAnnotated } from "./comment_annotated.ts";
export type { DiscussionAborted } from "./discussion_aborted.ts";
export type { DiscussionCompleted } from "./discussion_completed.ts";
export {
  type AnnotationEvent,
  type DiscussionEvent,
  EVENT_VERSIONS,
  isAnnotationEvent,
} from "./discussion_event.ts";
export { type DiscussionOpened, namingRunLog, runLogNamed } from "./discussion_opened.ts";
export {
  type AskedQuestion,
  FINISH_REASONS,
  type FinishReason,
  type Generation,
  generationOf,
  MODEL_ERROR_KINDS,
  type ModelErrorKind,
  type ModelSpec,
  type Sampling,
  SILENCE_REASONS,
  type SilenceReason,
  type TakenOut,
  takenOut,
  type ThoughtsOption,
  type TokenUsage,
} from "./models.ts";
export {
  type DiscussionDesign,
  type ForkOrigin,
  type ImportOrigin,
  type ImportSource,
  type Moderator,
  type OptionsSchema,
  optionsText,
  type Participant,
  type PromptSpec,
  type RuleOptions,
  type RuleSpec,
  ruleText,
} from "./discussion_design.ts";
export {
  type AnnotationDesign,
  type Annotator,
  type Codebook,
  sameDesign,
  type Targets,
} from "./annotation_design.ts";
export type { GenerationFailed } from "./generation_failed.ts";
export type { ModeratorAbstained } from "./moderator_abstained.ts";
export type { ModeratorIntervened } from "./moderator_intervened.ts";
export type { SeedCommentPosted } from "./seed_comment_posted.ts";
export type { SilenceAnnotated } from "./silence_annotated.ts";
export { type TurnPassed } from "./turn_passed.ts";
export type { TurnTaken } from "./turn_taken.ts";
export { type Envelope, type EventMeta, eventOf, type PendingEvent, type StoredLine } from "./codec.ts";
export type { DamageKind } from "./event_type.ts";
