/** The part of an exchange for pauses: all workers wait, and one of them sends the probe. */
import type { PauseReport, SharedPause, WorkerReport } from "../ports/mod.ts";
import type { BoardState, PauseState } from "./board_state.ts";

/**
 * Adds what the worker reports about pauses. If other workers need not know it, `pauses` stays the same
 * object.
 */
export function exchangePauses(board: BoardState, { worker, pauses: reports }: WorkerReport): BoardState {
  let { pauses, nextNumber } = board;
  for (const model of new Set([...Object.keys(pauses), ...Object.keys(reports)])) {
    const before = pauses[model];
    const after = afterReport(before, reports[model], { worker, nowMs: board.nowMs, version: nextNumber });
    if (after === before) continue;
    const { [model]: _, ...others } = pauses;
    pauses = after === undefined ? others : { ...others, [model]: after };
    nextNumber++;
  }
  return { ...board, pauses, nextNumber };
}

type Reporting = Readonly<{ worker: string; nowMs: number; version: number }>;

function afterReport(
  pause: PauseState | undefined,
  report: PauseReport | undefined,
  { worker, nowMs, version }: Reporting,
): PauseState | undefined {
  if (report?.kind === "failed") {
    const { cause, reason, waitMs } = report;
    const news = { version, cause, reason, dueMs: nowMs + waitMs, prober: null };
    if (pause === undefined) return { ...news, sinceMs: nowMs };
    if (pause.prober === worker) return { ...pause, ...news };
    // The board already has this pause, from another worker. It changes only if the server asks for a longer
    // wait.
    return cause === "rate-limited" && news.dueMs > pause.dueMs
      ? { ...pause, ...news, prober: pause.prober }
      : pause;
  }
  if (pause === undefined) return undefined;
  if (report?.kind === "answered") return report.version === pause.version ? undefined : pause;
  const wantsProbe = report?.kind === "waits" && report.wantsProbe;
  if (pause.prober === worker) return wantsProbe ? pause : { ...pause, prober: null };
  return wantsProbe && pause.prober === null && nowMs >= pause.dueMs ? { ...pause, prober: worker } : pause;
}

/** The pauses of the board in the form in which a worker gets them. */
export function sharedPauses(
  { pauses, nowMs }: BoardState,
  worker: string,
): Readonly<Record<string, SharedPause>> {
  return Object.fromEntries(
    Object.entries(pauses).map(([model, { version, cause, reason, sinceMs, dueMs, prober }]) => [model, {
      version,
      cause,
      reason,
      waitMs: Math.max(0, dueMs - nowMs),
      pausedMs: nowMs - sinceMs,
      mayProbe: prober === worker,
    }]),
  );
}
