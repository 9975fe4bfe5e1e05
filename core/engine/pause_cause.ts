/** Which errors pause their model. */
import type { ModelErrorKind } from "../events/models.ts";
import type { ModelError } from "../ports/model.ts";
import { RETRY_POLICY } from "./limits.ts";

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
