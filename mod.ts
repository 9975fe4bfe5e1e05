/**
 * SynDisco as a library: run an experiment, or hold one discussion and step through it.
 *
 * @module
 */
export type {
  Comment,
  DiscussionDesign,
  DiscussionState,
  ModelSpec,
  Moderator,
  OpenState,
  Participant,
  Rules,
  RuleSpec,
} from "./core/discussion/mod.ts";
export { evolve, initialState } from "./core/discussion/mod.ts";
export {
  type Advance,
  type Branch,
  DamagedStream,
  Discussion,
  type Environment,
  forkDiscussion,
  readStream,
  replay,
  type Replayed,
  type ReplayVerdict,
  RETRY_POLICY,
  type RetryPolicy,
  runDiscussions,
  type RunNotice,
  type RunOptions,
  type RunOutcome,
  verifyReplay,
} from "./core/engine/mod.ts";
export { type DiscussionEvent, type Envelope, eventOf } from "./core/events/mod.ts";
export { type Experiment, ExperimentError, type Plan, type Problem } from "./core/experiment/mod.ts";
export { type ModerationSchedule, type ModerationView, moderationSchedules } from "./core/moderation/mod.ts";
export {
  type AdapterContext,
  type AdapterOptions,
  type Clock,
  type EventStore,
  memoryEventStore,
  type Model,
  type ModelAdapter,
  ModelError,
  type ModelErrorKind,
  type ModelReply,
  type ModelRequest,
  type OptionProblem,
  StoreError,
  StreamConflict,
} from "./core/ports/mod.ts";
export { type Draw, openDraw } from "./core/random/mod.ts";
export {
  type SelectSpeaker,
  type TurnTakingStrategy,
  turnTakingStrategies,
  type TurnTakingView,
} from "./core/turn_taking/mod.ts";
export { VERSION } from "./core/version.ts";
export {
  type ExperimentOutcome,
  type ExperimentRunOptions,
  type HeldDiscussion,
  holdDiscussion,
  type LoadedExperiment,
  loadExperiment,
  nativeSha256,
  type OwnExtensions,
  readExperiment,
  runExperiment,
  systemClock,
} from "./adapters/local/mod.ts";
export { JsonlEventStore, readRunFolder, RunFolderError } from "./adapters/stores/mod.ts";
