/**
 * The port of limits that several workers share: what a model allows, and what the budget of the run has left. About once
 * a second, each worker exchanges a report for its share. So the cost does not grow with the number of requests. Every
 * implementation passes `core/ports/limit_board_conformance.ts`.
 */

/** Why a model is paused. */
export type PauseCause =
  /** It does not answer. */
  | "down"
  /** It takes no more requests for now. */
  | "rate-limited";

/** How a limit is used. */
export type LimitKind =
  /** At most this many at the same time, such as requests in flight. Each comes back when its request has ended. */
  | "slots"
  /** At most this many a minute, such as tokens. They come back with time. */
  | "rate"
  /** At most this many in all, such as the cost of a run. They never come back. */
  | "budget";

/** What a worker reports about one limit. All amounts are whole numbers. */
export type LimitReport = Readonly<{
  kind: LimitKind;
  /** The limit of all workers together. */
  max: number;
  /** Slots: how many the worker could use now. Otherwise: how much it could use until about the next exchange. */
  wants: number;
  /** The smallest amount that is of use, such as the tokens of the next request. */
  least: number;
  /** How much the worker may use, at most, until it gets the answer: it has lowered its own use to this before. */
  keeps: number;
  /** Slots: 0. Otherwise: how much the worker has used since it began. */
  spent: number;
  /** Slots of a model whose capacity is not known: what the worker learned about it since its last report. */
  learned?: Learned;
}>;

/** What a worker learned about the capacity of a model. */
export type Learned = Readonly<{
  /** Answers, and the sum of their times in milliseconds. */
  answers: number;
  latencyMs: number;
  /** Whether a request failed, perhaps because too many were in flight, that was sent since the worker knew `fall`. */
  isOverloaded: boolean;
  /** How often the slots had fallen, as far as the worker knew. */
  fall: number;
}>;

/** What a worker reports about a model that it cannot use. A model without a report works. */
export type PauseReport =
  /** The worker paused the model, or its probe failed. The next probe is due after `waitMs`. */
  | Readonly<{ kind: "failed"; cause: PauseCause; reason: string; waitMs: number }>
  /** The worker waits for the end of the pause. `wantsProbe`: it has a request that can be the next probe. */
  | Readonly<{ kind: "waits"; wantsProbe: boolean }>
  /** The worker got an answer, so pause `version` is over. */
  | Readonly<{ kind: "answered"; version: number }>;

/** What a worker reports. */
export type WorkerReport = Readonly<{
  /** The worker's name. No two workers have the same one. */
  worker: string;
  /** The number of this report. It grows with each report, so that a late one has no effect. */
  nth: number;
  /** The longest time that a request of this worker can take, in milliseconds. */
  requestMs: number;
  /** By the limit's name. */
  limits: Readonly<Record<string, LimitReport>>;
  /** By the model's name. */
  pauses: Readonly<Record<string, PauseReport>>;
  /** What was spent before any worker began, if the board has asked for it: by the budget's name. */
  before?: Readonly<Record<string, number>>;
}>;

/** A pause of a model for all workers. */
export type SharedPause = Readonly<{
  /** Grows with each change of the pause. */
  version: number;
  cause: PauseCause;
  reason: string;
  /** The time until the next probe, in milliseconds. */
  waitMs: number;
  /** How long the model has been paused, in milliseconds. */
  pausedMs: number;
  /** Whether this worker sends the next probe, now. */
  mayProbe: boolean;
}>;

/** A worker's share, from now on until `SHARE_MS` after it sent its report. */
export type WorkerShare = Readonly<{
  /** Slots: how many the worker may use. Otherwise: how much it may use in addition to what it keeps. */
  limits: Readonly<Record<string, number>>;
  /** How often the slots of a model have fallen because it was overloaded, by the limit's name. */
  falls: Readonly<Record<string, number>>;
  /** How much all workers together have spent, by the budget's name. */
  spent: Readonly<Record<string, number>>;
  /** Models that are paused, by name. */
  pauses: Readonly<Record<string, SharedPause>>;
  /** Whether the worker must find out what was spent before. Until a worker reports it, no budget gives anything. */
  asksBefore: boolean;
  /** The time until the next exchange, in milliseconds. It grows with the number of workers. */
  nextMs: number;
}>;

/** Limits that several workers share. */
export interface LimitBoard {
  /**
   * Exchanges a report for a share. If the promise rejects, the report can still have an effect.
   *
   * @throws {StoreError} If the board cannot be reached.
   */
  exchange(report: WorkerReport): Promise<WorkerShare>;
  /** Gives everything back, since the worker's requests have ended. A later exchange begins anew. */
  leave(worker: string): Promise<void>;
  /** Calls the listener soon after another worker changed a pause. Returns a function that ends this. */
  onPause(listener: () => void): () => void;
  /** Ends the connection. */
  close(): Promise<void>;
}

/** A share ends this long after its report was sent, by the worker's own clock that only runs forwards. */
export const SHARE_MS = 10_000;

/**
 * The board gives the share of a silent worker to others this long after its last report, by the board's clock. The
 * difference to `SHARE_MS` is larger than any difference between two clocks over such a short time.
 */
export const SILENT_MS = 15_000;
