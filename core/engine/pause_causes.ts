import type { ModelError } from "../ports/model.ts";
import type { ModelErrorKind } from "../events/models.ts";
import { RETRY_POLICY } from "./limits.ts";

/** Which errors pause their model. */

/** Why a model is paused. */
export type PauseCause =
  /** Nobody answers. */
  | "down"
  /** It answers that it takes no more requests for now. */
  | "rate-limited";

/** Internal error: all that a server says with it is that this request was too much for it. */
export const INTERNAL_ERROR = 500;

/** Failures that a server which is down, or nearly so, brings about. Whatever else comes back shows that it is there. */
const DOWN: ReadonlySet<ModelErrorKind> = new Set(["unreachable", "time-out", "server-error"] as const);

/** Why an error pauses its model; `null` when it shows that the model is there and takes requests. */
export function pauseCauseOf({ kind, status, retryAfterMs, retryable }: ModelError): PauseCause | null {
  if (kind === "rate-limited") return "rate-limited";
  // Within its own attempts, a request cannot wait for longer than this.
  const isLong = retryAfterMs !== undefined && retryAfterMs > RETRY_POLICY.retryAfterMsMax;
  if (retryable && (isLong || (retryAfterMs !== undefined && status !== INTERNAL_ERROR))) {
    return "rate-limited";
  }
  return DOWN.has(kind) ? "down" : null;
}

/** What says that a model was paused for longer than it may be. */

/** A model was paused for as long as it may be. What waited for it can be resumed later. */
export class ModelPausedTooLong extends Error {
  /** Tells this error from others. */
  override readonly name = "ModelPausedTooLong";
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** From here on, a time is told in the next larger unit. */
const UNITS_MAX = 120;

/**
 * The message for people.
 *
 * @param model The model's name.
 * @param pause How long it took, what the server asked for (0 for nothing), until when, and how long it may take.
 */
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
    }; a pause may take ${duration(pauseMsMax)}. Nothing is lost: run the same command again then`
    : `The model "${model}" did not come back within ${duration(elapsedMs)}. Nothing is lost: run the same ` +
      `command again when it is back`;
  return `${what}, or allow a longer pause. Last error: ${reason}`;
}

function duration(ms: number): string {
  if (ms < UNITS_MAX * SECOND_MS) return `${Math.round(ms / SECOND_MS)} s`;
  if (ms < UNITS_MAX * MINUTE_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  return `${Math.round(ms / HOUR_MS)} h`;
}
