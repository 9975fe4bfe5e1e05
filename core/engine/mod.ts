/**
 * The engine: drives discussions through the ports.
 *
 * @module
 */
export {
  adapt,
  AdaptiveLimit,
  adaptiveStart,
  type AdaptiveState,
  adaptToAnswers,
  type AttemptResult,
  type CapacityLearner,
} from "./adaptive_limit.ts";
export {
  Budget,
  type BudgetShare,
  type LimitReached,
  type RunLimits,
  type Spent,
  type SpentByAll,
} from "./budget.ts";
export { Discussion } from "./discussion.ts";
export type { Advance, Environment } from "./environment.ts";
export { type Branch, forkDiscussion } from "./fork.ts";
export {
  annotateDiscussions,
  type AnnotationEnvironment,
  type AnnotationNotice,
  type AnnotationOptions,
  type AnnotationOutcome,
  endedDiscussions,
  laneOfPass,
  OtherPass,
} from "./annotation.ts";
export {
  type EmbeddingEnvironment,
  type EmbeddingNotice,
  type EmbeddingOptions,
  type EmbeddingOutcome,
  embedDiscussions,
} from "./embedding.ts";
export { reparseDiscussion } from "./reparse.ts";
export {
  CONCURRENCY_DEFAULT,
  CONCURRENCY_MAX,
  PAUSE_MS_MAX,
  PAUSE_POLICY,
  type PausePolicy,
  REQUEST_GRACE_MS,
  REQUEST_MS_MAX,
  RETRY_POLICY,
  type RetryPolicy,
} from "./limits.ts";
export { ModelPausedTooLong, type PauseCause } from "./pause_causes.ts";
export { Limiter, type SlotShare } from "./limiter.ts";
export {
  type FailedAttempt,
  type ForeignPause,
  type ModelNotice,
  type Passage,
  type PauseContext,
  type PauseNews,
  type PauseShare,
} from "./pause_context.ts";
export { Pauses } from "./pauses.ts";
export {
  estimatedTokens,
  RateLimit,
  type Rates,
  type RequestRates,
  type TimedWait,
  usedTokens,
} from "./rate_limit.ts";
export { Change, OWN_PLACE, type Place, type WaitSignals } from "./waits.ts";
export { type StoppedLane } from "./lanes.ts";
export { DamagedStream, readStream, readStreamAfter, readStreamInPieces } from "./stream.ts";
export { type Divergence, replay, type Replayed, type ReplayVerdict, verifyReplay } from "./replay.ts";
export { type AttemptNotice, type LimitedModel, type RequestTrace } from "./request.ts";
export { Watchdog } from "./attempt.ts";
export {
  type RenderedPrompt,
  type RenderingOptions,
  type SentRequest,
  sentRequests,
} from "./sent_requests.ts";
export { laneOfDiscussion, runDiscussions, type RunNotice, type RunOptions } from "./run.ts";
export type { CutShort, RunOutcome } from "./run_outcome.ts";
export type { SessionEnd, SessionNotice, SessionOptions, Sharing } from "./work.ts";
export { type JobSource, SharedJobs, takenOver } from "./shared_jobs.ts";
