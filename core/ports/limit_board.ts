/**
 * The port of limits that several workers share: the limits of models, and the rest of the run's budget.
 * About every second, each worker sends a report to the board, and gets its share. So the cost does not grow
 * with the number of requests. Every implementation passes `core/ports/limit_board_conformance.ts`.
 */

/** Why a model is paused. */
export type PauseCause =
  /** The model does not answer. */
  | "down"
  /** The model takes no more requests for some time. */
  | "rate-limited";

/** How a limit is used. */
export type LimitKind =
  /** A limit at any one time, such as requests in flight. A slot is free again when its request has ended. */
  | "slots"
  /** A limit in each minute, such as tokens. The used amount becomes free again with time. */
  | "rate"
  /** A limit in total, such as the cost of a run. The used amount never becomes free again. */
  | "budget";

/** What a worker reports about one limit. All amounts are whole numbers. */
export type LimitReport = Readonly<{
  kind: LimitKind;
  /** The limit of all workers together. */
  max: number;
  /**
   * Slots: how many the worker could use now. Rate or budget: how much it could use before the next exchange.
   */
  wants: number;
  /** The smallest amount that is useful to the worker, such as the tokens of the next request. */
  least: number;
  /**
   * The most that the worker uses until it gets the answer. It lowered its limit to this before it sent the
   * report.
   */
  keeps: number;
  /** Slots: 0. Rate or budget: how much the worker has used since it began. */
  spent: number;
  /**
   * What the worker learned about the model since its last report. Only for slots of a model with unknown
   * capacity.
   */
  learned?: Learned;
}>;

/** What a worker learned about the capacity of a model. */
export type Learned = Readonly<{
  /** How many answers came; `latencyMs` is the sum of their latencies, in milliseconds. */
  answers: number;
  latencyMs: number;
  /**
   * Whether a request failed, perhaps because too many were in flight. Only requests count that were sent
   * after the worker got the number `fall`.
   */
  isOverloaded: boolean;
  /** How often the slots had fallen, as the worker's last share said. */
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
  /** The worker's name. No two workers have the same name. */
  worker: string;
  /**
   * The number of this report. It grows with each report. A report that comes after a later one has no
   * effect.
   */
  nth: number;
  /** The longest time that a request of this worker can take, in milliseconds. */
  requestMs: number;
  /** Name of a limit → report. */
  limits: Readonly<Record<string, LimitReport>>;
  /** Name of a model → report. */
  pauses: Readonly<Record<string, PauseReport>>;
  /** Name of a budget → what was spent before the first worker began. Only if the board has asked for it. */
  before?: Readonly<Record<string, number>>;
}>;

/** A pause of a model for all workers. */
export type SharedPause = Readonly<{
  /** A number that grows with each change of the pause. */
  version: number;
  cause: PauseCause;
  reason: string;
  /** The time until the next probe, in milliseconds. */
  waitMs: number;
  /** How long the model has been paused, in milliseconds. */
  pausedMs: number;
  /** Whether this worker should send the next probe now. */
  mayProbe: boolean;
}>;

/** A worker's share. It ends `SHARE_MS` after the worker sent its report. */
export type WorkerShare = Readonly<{
  /**
   * Name of a limit → slots: how many the worker may use; rate or budget: how much it may use in addition to
   * `keeps`.
   */
  limits: Readonly<Record<string, number>>;
  /** Name of a limit → how often the slots of its model have fallen, because the model was overloaded. */
  falls: Readonly<Record<string, number>>;
  /** Name of a budget → how much all workers together have spent. */
  spent: Readonly<Record<string, number>>;
  /** Name of a model → its pause. Models that are not paused are missing. */
  pauses: Readonly<Record<string, SharedPause>>;
  /**
   * Whether the worker must report what was spent before. Until a worker does, no worker gets a share of a
   * budget.
   */
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
  /**
   * Gives the worker's whole share back. Call it after its requests have ended. A later exchange begins anew.
   */
  leave(worker: string): Promise<void>;
  /** Calls the listener soon after another worker changed a pause. Returns a function that ends this. */
  onPause(listener: () => void): () => void;
  /** Ends the connection. */
  close(): Promise<void>;
}

/**
 * A share ends this time after its report was sent, in milliseconds. The worker measures it with a clock that
 * is never set back.
 */
export const SHARE_MS = 10_000;

/**
 * If a worker sends no report for this time, in milliseconds, the board gives its share to other workers. The
 * board measures it with its own clock. The worker's share has then ended: in such a short time, two clocks
 * differ by less than the difference to `SHARE_MS`.
 */
export const SILENT_MS = 15_000;
