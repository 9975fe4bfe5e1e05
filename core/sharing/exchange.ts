/** An exchange between a worker and a board: the worker reports, and gets its share. Pure. */
import type { WorkerReport, WorkerShare } from "../ports/mod.ts";
import {
  type BoardState,
  isGone,
  isSilent,
  type SharedLimit,
  type SilentWorker,
  unusedLimit,
  without,
  type WorkerLimit,
  type WorkerState,
} from "./board_state.ts";
import { divided, granted, settled } from "./exchange_limit.ts";
import { exchangePauses, sharedPauses } from "./exchange_pauses.ts";

/** Limits are divided anew after this time, in milliseconds. */
const DIVIDE_MS = 1_000;

/** The time between two exchanges of a worker, in milliseconds, if there are only a few workers. */
const EXCHANGE_MS = 1_000;

/** The most exchanges of all workers in a second, so that many workers do not overload the board. */
const EXCHANGES_PER_SECOND_MAX = 500;

/**
 * The longest time between two exchanges, in milliseconds. It is so short that a share is still valid after
 * one lost exchange.
 */
const EXCHANGE_MS_MAX = 4_000;

/** The part of a board that an exchange reads. */
export type BoardPart = Readonly<{
  board: BoardState;
  /** The worker that sends the report; `null` if the board does not know it. */
  own: WorkerState | null;
  /** The workers that have been silent for a long time. */
  silent: readonly SilentWorker[];
  /** All workers, if `isDivisionDue()`; otherwise `null`. */
  all: readonly WorkerState[] | null;
}>;

/** The result of an exchange: the new state of the board, and the answer to the worker. */
export type Exchanged = Readonly<{
  board: BoardState;
  own: WorkerState;
  /** The names of workers that the board forgets. */
  gone: readonly string[];
  share: WorkerShare;
  /** Whether a pause began, ended or changed, so that the other workers must know it soon. */
  hasNews: boolean;
}>;

/** Whether the next exchange divides the limits, so that it needs all workers. */
export function isDivisionDue({ dividedMs, workers }: BoardState, nowMs: number): boolean {
  return workers === 0 || dividedMs + DIVIDE_MS <= nowMs;
}

/**
 * Exchanges a report for a share. A share grows only by amounts that other workers have given back, so the
 * sum of all shares never exceeds a limit. A share becomes smaller in two steps. First the worker gets the
 * smaller share. Its next report then says how much of the difference it has given back.
 *
 * @returns `null` if a later report of this worker came first. The old report has no effect.
 */
export function exchange(part: BoardPart, report: WorkerReport, clockMs: number): Exchanged | null {
  if (part.own !== null && report.nth <= part.own.nth) return null;
  const nowMs = Math.max(clockMs, part.board.nowMs);
  const gone = part.silent.filter((it) => it.state.worker !== report.worker && isGone(it, nowMs));
  const goneNames = gone.map(({ state }) => state.worker);
  let board = gone.reduce((before, { state }) => without(before, state), { ...part.board, nowMs });
  if (part.own === null) board = joined(board);

  const before = part.own?.limits ?? {};
  let limits: Record<string, SharedLimit> = { ...board.limits };
  const use: Record<string, WorkerLimit> = {};
  let { nextNumber } = board;
  for (const name of new Set([...Object.keys(before), ...Object.keys(report.limits)])) {
    // If the worker no longer reports a limit, it no longer uses it.
    const reported = report.limits[name] ?? { ...NOT_USED, ...limits[name]!, spent: before[name]!.spent };
    const limit = limits[name] ?? unusedLimit(reported.kind, reported.max, nowMs);
    const turn = before[name]?.turn ?? nextNumber++;
    const result = settled(limit, reported, { before: before[name] ?? null, turn, nowMs });
    limits[name] = result.limit;
    use[name] = result.use;
  }
  board = withBefore({ ...board, limits }, report);
  limits = { ...board.limits };
  const own = { worker: report.worker, nth: report.nth, seenMs: nowMs, requestMs: report.requestMs };
  let { dividedMs } = board;
  if (part.all !== null) {
    const others = part.all.filter(({ worker, seenMs }) =>
      worker !== report.worker && !goneNames.includes(worker) && !isSilent({ seenMs }, nowMs)
    );
    const live = [...others, { ...own, limits: use }];
    for (const [name, limit] of Object.entries(limits)) limits[name] = divided(name, limit, live);
    dividedMs = nowMs;
  }
  const given: Record<string, number> = {};
  const spent: Record<string, number> = {};
  const falls: Record<string, number> = {};
  for (const name of Object.keys(report.limits)) {
    const limit = limits[name]!;
    const isClosed = nowMs < board.closedUntilMs || (limit.kind === "budget" && board.before !== true);
    const result = granted(limit, use[name]!, { nowMs, nextNumber, isClosed });
    limits[name] = result.limit;
    use[name] = result.use;
    given[name] = result.given;
    nextNumber = result.nextNumber;
    if (limit.kind === "budget") spent[name] = limit.spent;
    if (limit.capacity !== undefined) falls[name] = limit.capacity.falls;
  }
  board = { ...board, limits, nextNumber, dividedMs };
  const pauses = exchangePauses(board, report);
  const hasNews = pauses.pauses !== board.pauses;
  return {
    board: pauses,
    own: { ...own, limits: use },
    gone: goneNames,
    share: {
      limits: given,
      falls,
      spent,
      pauses: sharedPauses(pauses, report.worker),
      asksBefore: board.before === report.worker,
      nextMs: Math.min(
        EXCHANGE_MS_MAX,
        Math.max(EXCHANGE_MS, board.workers / EXCHANGES_PER_SECOND_MAX * 1000),
      ),
    },
    hasNews,
  };
}

const NOT_USED = { wants: 0, least: 1, keeps: 0 };

/**
 * The board after a worker joined. For the first worker, budgets are counted anew: only the logs have the
 * exact spending of earlier workers.
 */
function joined(board: BoardState): BoardState {
  if (board.workers > 0) return { ...board, workers: board.workers + 1 };
  const limits = Object.entries(board.limits).filter(([, { kind }]) => kind !== "budget");
  return { ...board, workers: 1, before: null, limits: Object.fromEntries(limits), pauses: {} };
}

/** Adds what was spent before the first worker, or chooses this worker to find it out. */
function withBefore(board: BoardState, { worker, before }: WorkerReport): BoardState {
  if (board.before === null) return { ...board, before: worker };
  if (board.before !== worker || before === undefined) return board;
  const limits = { ...board.limits };
  for (const [name, spent] of Object.entries(before)) {
    const limit = limits[name];
    if (limit !== undefined) limits[name] = { ...limit, spent: limit.spent + spent };
  }
  return { ...board, limits, before: true };
}
