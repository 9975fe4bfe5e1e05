/** The state of a limit board. It is plain JSON, so that a board can be anywhere: in memory or in a database. */
import type { AdaptiveState } from "../engine/mod.ts";
import { type LimitKind, type PauseCause, SILENT_MS } from "../ports/mod.ts";
import { type Division, NO_DIVISION } from "./divide.ts";

/** A limit, and what all workers together have of it. */
export type SharedLimit = Readonly<{
  kind: LimitKind;
  max: number;
  /** The sum of what the workers may use. */
  out: number;
  /** A budget: how much was spent. */
  spent: number;
  /** A rate: how much can be given out at `poolMs`; at most `poolMax`. */
  pool: number;
  poolMax: number;
  poolMs: number;
  division: Division;
  /** Slots of a model whose capacity is not known: what the workers learned together. */
  capacity?: Capacity;
}>;

/** What the workers learned about the capacity of a model. */
export type Capacity = Readonly<{
  state: AdaptiveState;
  /** How often the slots have fallen, and when they last did. */
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
  /** The worker that sends the next probe; `null` if none does yet. */
  prober: string | null;
}>;

/** What a board knows of all workers together. All times are milliseconds of the board's clock. */
export type BoardState = Readonly<{
  nowMs: number;
  /** When the limits were last divided. */
  dividedMs: number;
  /** Before this time, no share grows: the board has lost its memory, and waits for the reports of all workers. */
  closedUntilMs: number;
  /** The next turn of a claim, and the next version of a pause. */
  nextNumber: number;
  /** How many workers have a share, or can still use one. */
  workers: number;
  /** Whether the spending before any worker is included; otherwise the worker that finds it out, or `null`. */
  before: true | string | null;
  limits: Readonly<Record<string, SharedLimit>>;
  pauses: Readonly<Record<string, PauseState>>;
}>;

/** What a board knows of one worker's use of one limit. */
export type WorkerLimit = Readonly<{
  /** How much it may use. */
  out: number;
  wants: number;
  least: number;
  spent: number;
  /** See `Claim.turn`. */
  turn: number;
  /** When its turn began. */
  turnMs: number;
}>;

/** What a board knows of one worker. */
export type WorkerState = Readonly<{
  worker: string;
  /** The number of its last report. */
  nth: number;
  /** When it last reported. */
  seenMs: number;
  requestMs: number;
  limits: Readonly<Record<string, WorkerLimit>>;
}>;

/** A worker that has not reported for a while. */
export type SilentWorker = Readonly<{
  state: WorkerState;
  /** Whether its process still has its connection. If so, it can be frozen in the middle of requests. */
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

/** An empty board in place of one that was lost. Workers can still have shares of the lost one. */
export function boardAfterLoss(nowMs: number): BoardState {
  return { ...EMPTY_BOARD, nowMs, closedUntilMs: nowMs + SILENT_MS };
}

/** Whether a worker's share has surely ended by its own clock. */
export function isSilent({ seenMs }: Pick<WorkerState, "seenMs">, nowMs: number): boolean {
  return seenMs + SILENT_MS <= nowMs;
}

/**
 * Whether others can use what the worker had. A process without a connection has ended, or its share has. A frozen process
 * keeps its connection, and its requests can run on for as long as a request may take.
 */
export function isGone({ state, isConnected }: SilentWorker, nowMs: number): boolean {
  return isSilent(state, isConnected ? nowMs - state.requestMs : nowMs);
}

/** Takes a worker from the board. What it may have spent of a budget without a report counts as spent. */
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

/** A limit of which no worker has a part. */
export function unusedLimit(kind: LimitKind, max: number, nowMs: number): SharedLimit {
  const poolMax = kind === "rate" ? ratePoolMax(max, 1) : 0;
  return { kind, max, out: 0, spent: 0, pool: poolMax, poolMax, poolMs: nowMs, division: NO_DIVISION };
}

const MINUTE_MS = 60_000;

/** A rate that no worker uses is saved for this long: workers come for it about once a second. */
const SAVED_MS = 2_000;

/** The most that a rate saves. `least`: the smallest useful amount of any worker. */
export function ratePoolMax(max: number, least: number): number {
  return Math.max(least, max * SAVED_MS / MINUTE_MS);
}

/** Fills the pool of a rate. */
export function refilled(limit: SharedLimit, nowMs: number): SharedLimit {
  if (limit.kind !== "rate") return limit;
  const { pool, poolMax, poolMs, max } = limit;
  const filled = pool + Math.max(0, nowMs - poolMs) * max / MINUTE_MS;
  return { ...limit, pool: Math.min(poolMax, filled), poolMs: Math.max(nowMs, poolMs) };
}
