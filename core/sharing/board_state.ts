/** The state of a limit board. It is plain JSON, so that it can be stored in memory or in a database. */
import type { AdaptiveState } from "../engine/mod.ts";
import { type LimitKind, type PauseCause, SILENT_MS } from "../ports/mod.ts";
import { type Division, NO_DIVISION } from "./divide.ts";

/** A limit, and how much of it all workers together have. */
export type SharedLimit = Readonly<{
  kind: LimitKind;
  max: number;
  /** How much all workers together may use now. */
  out: number;
  /** Budget: how much was spent. */
  spent: number;
  /** Rate: how much could be given to workers at `poolMs`; at most `poolMax`. */
  pool: number;
  poolMax: number;
  poolMs: number;
  division: Division;
  /** Slots of a model with unknown capacity: what all workers together have learned about it. */
  capacity?: Capacity;
}>;

/** What the workers learned about the capacity of a model. */
export type Capacity = Readonly<{
  state: AdaptiveState;
  /** How often the slots have fallen, and the time of the last fall. */
  falls: number;
  fellMs: number;
}>;

/** A pause of a model. */
export type PauseState = Readonly<{
  version: number;
  cause: PauseCause;
  reason: string;
  sinceMs: number;
  /** When the next probe is due. */
  dueMs: number;
  /** The worker that sends the next probe; `null` if no worker was chosen yet. */
  prober: string | null;
}>;

/** What a board knows about all workers together. All times are milliseconds of the board's clock. */
export type BoardState = Readonly<{
  nowMs: number;
  /** When the limits were last divided. */
  dividedMs: number;
  /**
   * Before this time, no share grows. After the state of a board was lost, it waits until all workers have
   * reported.
   */
  closedUntilMs: number;
  /** The number for the next turn of a claim, or for the next version of a pause. */
  nextNumber: number;
  /** How many workers have a share, or can still use an old share. */
  workers: number;
  /**
   * `true` if the board knows what was spent before the first worker. Otherwise the worker that finds it out,
   * or `null`.
   */
  before: true | string | null;
  limits: Readonly<Record<string, SharedLimit>>;
  pauses: Readonly<Record<string, PauseState>>;
}>;

/** What a board knows about one worker's use of one limit. */
export type WorkerLimit = Readonly<{
  /** How much the worker may use. */
  out: number;
  wants: number;
  least: number;
  spent: number;
  /** See `Claim.turn`. */
  turn: number;
  /** The time when its turn began. */
  turnMs: number;
}>;

/** What a board knows about one worker. */
export type WorkerState = Readonly<{
  worker: string;
  /** The number of its last report. */
  nth: number;
  /** The time of its last report. */
  seenMs: number;
  requestMs: number;
  limits: Readonly<Record<string, WorkerLimit>>;
}>;

/** A worker that has not reported for some time. */
export type SilentWorker = Readonly<{
  state: WorkerState;
  /**
   * Whether its process is still connected. If it is, the process can stand still while requests are in
   * flight.
   */
  isConnected: boolean;
}>;

/** A board without workers. */
export const EMPTY_BOARD: BoardState = {
  nowMs: 0,
  dividedMs: 0,
  closedUntilMs: 0,
  nextNumber: 1,
  workers: 0,
  before: null,
  limits: {},
  pauses: {},
};

/** An empty board in place of a lost board. Workers can still have shares of the lost board. */
export function boardAfterLoss(nowMs: number): BoardState {
  return { ...EMPTY_BOARD, nowMs, closedUntilMs: nowMs + SILENT_MS };
}

/**
 * Whether a worker has been silent for so long that its share has certainly ended, by the worker's own clock.
 */
export function isSilent({ seenMs }: Pick<WorkerState, "seenMs">, nowMs: number): boolean {
  return seenMs + SILENT_MS <= nowMs;
}

/**
 * Whether other workers can use the share of this worker. If its process is not connected, the process or its
 * share has ended. A process that stands still stays connected. Its requests can then still be in flight,
 * until the longest time of a request is over.
 */
export function isGone({ state, isConnected }: SilentWorker, nowMs: number): boolean {
  return isSilent(state, isConnected ? nowMs - state.requestMs : nowMs);
}

/**
 * Removes a worker from the board. The part of a budget that the worker could have spent without a report
 * counts as spent.
 */
export function without(board: BoardState, { worker, limits }: WorkerState): BoardState {
  const left = { ...board.limits };
  for (const [name, { out }] of Object.entries(limits)) {
    const limit = left[name]!;
    left[name] = {
      ...limit,
      out: limit.out - out,
      spent: limit.spent + (limit.kind === "budget" ? out : 0),
    };
  }
  const pauses = Object.entries(board.pauses).map(([model, pause]) =>
    [model, pause.prober === worker ? { ...pause, prober: null } : pause] as const
  );
  const before = board.before === worker ? null : board.before;
  return { ...board, workers: board.workers - 1, limits: left, pauses: Object.fromEntries(pauses), before };
}

/** A limit before any worker has a part of it. */
export function unusedLimit(kind: LimitKind, max: number, nowMs: number): SharedLimit {
  const poolMax = kind === "rate" ? ratePoolMax(max, 1) : 0;
  return { kind, max, out: 0, spent: 0, pool: poolMax, poolMax, poolMs: nowMs, division: NO_DIVISION };
}

const MINUTE_MS = 60_000;

/**
 * The unused amount of a rate is saved for this time, in milliseconds: workers fetch their shares about every
 * second.
 */
const SAVED_MS = 2_000;

/** The largest saved amount of a rate. `least`: the smallest useful amount of any worker. */
export function ratePoolMax(max: number, least: number): number {
  return Math.max(least, max * SAVED_MS / MINUTE_MS);
}

/** Adds to the pool of a rate what has become free since it was last filled. */
export function refilled(limit: SharedLimit, nowMs: number): SharedLimit {
  if (limit.kind !== "rate") return limit;
  const { pool, poolMax, poolMs, max } = limit;
  const filled = pool + Math.max(0, nowMs - poolMs) * max / MINUTE_MS;
  return { ...limit, pool: Math.min(poolMax, filled), poolMs: Math.max(nowMs, poolMs) };
}
