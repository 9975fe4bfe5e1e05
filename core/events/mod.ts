/**
 * The vocabulary of the system: everything that can happen in a discussion.
 *
 * @module
 */
export type * from "./discussion_event.ts";
export { EVENT_VERSIONS, isAnnotationEvent } from "./discussion_event.ts";
export { namingRunLog, runLogNamed } from "./begin_and_end.ts";
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
  type Sealed,
  SILENCE_REASONS,
  type SilenceReason,
  type TakenOut,
  takenOut,
  type ThoughtsOption,
  type TokenUsage,
} from "./models.ts";
export {
  copiedEvents,
  type DiscussionDesign,
  type ForkOrigin,
  type ImportOrigin,
  type ImportSource,
  type Intervention,
  type Moderator,
  type OptionsSchema,
  optionsText,
  type Participant,
  type PromptSpec,
  type RuleOptions,
  type RuleSpec,
  ruleText,
} from "./discussion_design.ts";
export { type NamedTemplates, TEMPLATE_NAMES, type TemplateName, type TemplateSet } from "./template_set.ts";
export { type AnnotationDesign, type Annotator, type Codebook, type Targets } from "./annotation_design.ts";
export {
  type ChainEnd,
  type Envelope,
  type EventMeta,
  eventOf,
  type PendingEvent,
  type StoredLine,
} from "./codec.ts";
export type { DamageKind, OrderState } from "./event_type.ts";
export type { LogEnd } from "./log_end.ts";
