/**
 * The engine: drives discussions through the ports.
 *
 * @module
 */
export { AdaptiveLimit } from "./adaptive.ts";
export { type BoundReached, type Bounds, Budget, type Spent } from "./budget.ts";
export { type Advance, Discussion, type Environment } from "./discussion.ts";
export {
  annotateDiscussions,
  Annotation,
  type AnnotationEnvironment,
  type AnnotationNotice,
  type AnnotationOptions,
  type AnnotationOutcome,
} from "./annotation.ts";
export { type Branch, forkDiscussion } from "./fork.ts";
export { Limiter } from "./limiter.ts";
export {
  CONCURRENCY_DEFAULT,
  CONCURRENCY_MAX,
  OUTAGE_POLICY,
  type OutagePolicy,
  PAUSE_MS_MAX,
  REQUEST_GRACE_MS,
  REQUEST_MS_MAX,
  RETRY_POLICY,
  type RetryPolicy,
} from "./limits.ts";
export { OtherPass, refuseOtherPass } from "./other_pass.ts";
export {
  type FailedAttempt,
  ModelDown,
  type ModelNotice,
  Outage,
  type OutageContext,
  type Passage,
  type WaitSignals,
} from "./outage.ts";
export { RateLimit, type Rates } from "./rate_limit.ts";
export { DamagedStream, readStream } from "./read_stream.ts";
export type { Divergence } from "./divergence.ts";
export { replay, type Replayed, type ReplayVerdict, verifyReplay } from "./replay.ts";
export { reparseDiscussion } from "./reparse.ts";
export type { AttemptNotice, LimitedModel, RequestTrace } from "./request.ts";
export { Watchdog } from "./watchdog.ts";
export { runDiscussions, type RunNotice, type RunOptions } from "./run.ts";
export { type CutShort, type RunOutcome, type SessionNotice, type SessionOptions } from "./sessions.ts";
