/** What pauses need, and what they report to users, to requests and to other processes. */
import type { Clock } from "../ports/clock.ts";
import type { ModelRequest } from "../ports/model.ts";
import type { PausePolicy } from "./limits.ts";
import type { PauseCause } from "./pause_causes.ts";

/** A model was paused or resumed. */
export type ModelNotice =
  /**
   * From now on, only probes are sent to the model. If the model refuses requests because of its limits, this
   * notice is repeated with the time of each further probe.
   */
  | Readonly<{
    kind: "paused";
    model: string;
    cause: PauseCause;
    reason: string;
    /** The time of the next probe, in milliseconds since 1970-01-01 UTC. */
    untilMs: number;
    pauseMsMax: number;
  }>
  /** The model answers again. */
  | Readonly<{ kind: "resumed"; model: string; pausedMs: number }>;

/** The policy and the clock of pauses, and who is told about them. */
export type PauseContext = Readonly<{
  policy: PausePolicy;
  clock: Clock;
  notify: (notice: ModelNotice) => void;
  /** Tells other processes that use the model about its pauses. */
  share?: PauseShare;
}>;

/** A pause that other processes must know. */
export type PauseNews = Readonly<{ cause: PauseCause; reason: string; waitMs: number }>;

/** How the processes that use a model share its pauses. */
export type PauseShare = Readonly<{
  /** The model was paused, or the probe of this process failed. */
  failed: (news: PauseNews) => void;
  /** The model answered, so that it is not paused any more. */
  answered: () => void;
  /** The probe of this process ended without a result. */
  abandoned: () => void;
  /** Waits until this process may send the next probe. Rejects with the signal's reason. */
  probeTurn: (signal: AbortSignal) => Promise<void>;
}>;

/** A pause that another process has begun. */
export type ForeignPause = PauseNews & Readonly<{ pausedMs: number }>;

/** Permission to send a request. The caller returns it with the result of the attempt. */
export type Passage = Readonly<{ epoch: number; probe: boolean }>;

/** A failed attempt. */
export type FailedAttempt = Readonly<{
  request: ModelRequest;
  passage: Passage;
  tookMs: number;
  /** Requests in flight, including this one. */
  inFlight: number;
}>;
