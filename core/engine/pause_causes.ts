/** Decides which errors pause a model, and explains a pause that took too long. */
import type { PauseCause } from "../ports/limit_board.ts";
import type { ModelError } from "../ports/model.ts";
import type { ModelErrorKind } from "../events/models.ts";
import { RETRY_POLICY } from "./limits.ts";

export type { PauseCause };

/** The HTTP status of an internal server error. A single request can cause such an error. */
export const INTERNAL_ERROR = 500;

/** Failures of a server that is down. Any other error shows that the server works. */
const DOWN: ReadonlySet<ModelErrorKind> = new Set(["unreachable", "time-out", "server-error"] as const);

/** The reason why an error pauses its model; `null` if the error shows that the model takes requests. */
export function pauseCauseOf({ kind, status, retryAfterMs, retryable }: ModelError): PauseCause | null {
  if (kind === "rate-limited") return "rate-limited";
  // Between its attempts, a request waits for at most this time.
  const isLong = retryAfterMs !== undefined && retryAfterMs > RETRY_POLICY.retryAfterMsMax;
  if (retryable && (isLong || (retryAfterMs !== undefined && status !== INTERNAL_ERROR))) {
    return "rate-limited";
  }
  return DOWN.has(kind) ? "down" : null;
}

/** A model was paused for the longest allowed time. The discussions that waited for it can be resumed later. */
export class ModelPausedTooLong extends Error {
  /** Identifies errors of this class. */
  override readonly name = "ModelPausedTooLong";
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** From this number on, a time is shown in the next larger unit. */
const UNITS_MAX = 120;

/** Explains a pause. `statedMs` is 0 if the server stated no wait. */
export function describePause(
  model: string,
  { elapsedMs, statedMs, untilMs, pauseMsMax, reason }: Readonly<{
    elapsedMs: number;
    statedMs: number;
    untilMs: number;
    pauseMsMax: number;
    reason: string;
  }>,
): string {
  const what = statedMs > 0
    ? `The server of the model "${model}" asks to wait ${duration(statedMs)}, until ${
      new Date(untilMs).toISOString()
    }; a pause may take ${duration(pauseMsMax)}. Nothing is lost: run the same command again after that time`
    : `The model "${model}" did not come back within ${duration(elapsedMs)}. Nothing is lost: run the same ` +
      `command again when it is back`;
  return `${what}, or allow a longer pause. Last error: ${reason}`;
}

function duration(ms: number): string {
  if (ms < UNITS_MAX * SECOND_MS) return `${Math.round(ms / SECOND_MS)} s`;
  if (ms < UNITS_MAX * MINUTE_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  return `${Math.round(ms / HOUR_MS)} h`;
}
