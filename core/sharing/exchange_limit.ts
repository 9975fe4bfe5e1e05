/**
 * The part of an exchange for one limit: what the worker gave back, the division, and what the worker gets.
 */
import { adapt, adaptiveStart, adaptToAnswers } from "../engine/mod.ts";
import type { Learned, LimitReport } from "../ports/mod.ts";
import {
  ratePoolMax,
  refilled,
  type SharedLimit,
  type WorkerLimit,
  type WorkerState,
} from "./board_state.ts";
import { ALL_SERVED, divide, shareOf } from "./divide.ts";

/**
 * If there are fewer slots than workers, a worker has its slot for this time, in milliseconds. Then another
 * worker gets it.
 */
const TURN_MS = 10_000;

type Settling = Readonly<{ before: WorkerLimit | null; turn: number; nowMs: number }>;

/**
 * Takes back what the worker no longer keeps, and counts what it has spent since its last report. If the
 * board did not know the worker, earlier spending does not count: it was counted when the board forgot the
 * worker.
 */
export function settled(
  limit: SharedLimit,
  { max, wants, least, keeps, spent, learned }: LimitReport,
  { before, turn, nowMs }: Settling,
): Readonly<{ limit: SharedLimit; use: WorkerLimit }> {
  const { out: outBefore = 0, spent: spentBefore = spent, turnMs = nowMs } = before ?? {};
  const poolMax = limit.kind === "rate" ? Math.max(limit.poolMax, ratePoolMax(max, least)) : 0;
  const full = refilled({ ...limit, max, poolMax }, nowMs);
  // This can be negative: tokens are estimated first, and the estimate can be too high.
  const newlySpent = spent - spentBefore;
  const returned = Math.max(0, outBefore - keeps - newlySpent);
  const learnedFrom = learned === undefined ? full : withLearned(full, learned, nowMs);
  return {
    limit: {
      ...learnedFrom,
      out: full.out - outBefore + keeps,
      spent: full.spent + (full.kind === "budget" ? newlySpent : 0),
      pool: full.kind === "rate" ? Math.min(poolMax, full.pool + returned) : 0,
    },
    use: { out: keeps, wants, least, spent, turn, turnMs },
  };
}

/** How many slots there are for all workers together. */
function slotsOf({ max, capacity }: SharedLimit): number {
  return Math.min(max, capacity?.state.limit ?? max);
}

/**
 * The time, in milliseconds, that shares need to follow a fall of the slots. In this time, further failures
 * have no effect.
 */
const FALL_MS = 5_000;

/**
 * Adds what a worker learned. All workers learn the capacity together, because one worker sees only a few
 * requests.
 */
function withLearned(limit: SharedLimit, learned: Learned, nowMs: number): SharedLimit {
  const { state, falls, fellMs } = limit.capacity ??
    { state: adaptiveStart(limit.max), falls: 0, fellMs: -FALL_MS };
  const { answers, latencyMs, isOverloaded, fall } = learned;
  if (isOverloaded && fall === falls && nowMs - fellMs >= FALL_MS) {
    const fallen = adapt(state, { kind: "overloaded", attempt: state.newsFrom, begun: state.newsFrom });
    return { ...limit, capacity: { state: fallen, falls: falls + 1, fellMs: nowMs } };
  }
  const news = { answers, latencyMs, held: limit.out };
  return {
    ...limit,
    capacity: { state: answers === 0 ? state : adaptToAnswers(state, news), falls, fellMs },
  };
}

/** Divides a limit among the workers that are not silent. */
export function divided(name: string, limit: SharedLimit, live: readonly WorkerState[]): SharedLimit {
  const uses = live.flatMap(({ limits: { [name]: use } }) => use === undefined ? [] : [use]);
  return { ...limit, division: divide(divisible(limit, uses), uses) };
}

function divisible(limit: SharedLimit, uses: readonly WorkerLimit[]): number {
  if (limit.kind === "rate") return Math.floor(limit.pool);
  if (limit.kind === "budget") return Math.max(0, limit.max - limit.spent - limit.out);
  // The slots of silent workers are not divided, because these workers can still use them.
  const outOfLive = uses.reduce((sum, { out }) => sum + out, 0);
  return Math.max(0, slotsOf(limit) - (limit.out - outOfLive));
}

type Granting = Readonly<{ nowMs: number; nextNumber: number; isClosed: boolean }>;

/** Gives the worker its share, or less if other workers still use a part of it. */
export function granted(
  limit: SharedLimit,
  use: WorkerLimit,
  { nowMs, nextNumber, isClosed }: Granting,
): Readonly<{ limit: SharedLimit; use: WorkerLimit; nextNumber: number; given: number }> {
  const keeps = use.out;
  const fair = shareOf(use, limit.division);
  if (limit.kind === "slots") {
    // A worker that stood still for a long time can have requests in flight whose slots other workers have
    // now. Then it gets no further slots.
    const free = Math.max(0, slotsOf(limit) - (limit.out - keeps));
    const given = Math.min(fair, isClosed ? Math.min(keeps, free) : free);
    const out = Math.max(keeps, given);
    const isOver = given > 0 && nowMs - use.turnMs >= TURN_MS;
    const isShort = limit.division.servedUntil !== ALL_SERVED;
    const turn = isOver && isShort ? nextNumber++ : use.turn;
    // The turn of a worker begins when it gets a slot.
    const turnMs = given === 0 || turn !== use.turn ? nowMs : use.turnMs;
    return {
      limit: { ...limit, out: limit.out - keeps + out },
      use: { ...use, out, turn, turnMs },
      nextNumber,
      given,
    };
  }
  const left = limit.kind === "rate" ? Math.floor(limit.pool) : limit.max - limit.spent - limit.out;
  const given = isClosed ? 0 : Math.max(0, Math.min(fair, left));
  return {
    limit: {
      ...limit,
      out: limit.out + given,
      pool: limit.kind === "rate" ? limit.pool - given : 0,
    },
    use: { ...use, out: keeps + given, turn: given > 0 ? nextNumber++ : use.turn },
    nextNumber,
    given,
  };
}
