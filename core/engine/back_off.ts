/** How long to wait before a failed request is sent again. */
import type { ModelError, ModelRequest } from "../ports/model.ts";
import { openDraw } from "../random/mod.ts";
import type { RetryPolicy } from "./limits.ts";

/** What a request has been through. */
export type Tried = Readonly<{
  /** Attempts so far, those left out that failed because the model was down. */
  attempts: number;
  /** Time that it waited between them, in milliseconds. */
  waitedMs: number;
}>;

/**
 * The wait before the next attempt: doubled with each, all of it jitter, so that requests that failed together do not
 * come back together. What a server asks for comes on top of nothing less: its wait first, then the jitter.
 *
 * @param request The request; its wait is a function of who asks what, and of the attempt.
 * @param error What the last attempt ended in.
 * @param options What it has been through, and the policy.
 * @returns Milliseconds; `null` when there is to be no further attempt.
 */
export function backOffMs(
  { origin }: ModelRequest,
  error: ModelError,
  { tried, retry }: Readonly<{ tried: Tried; retry: RetryPolicy }>,
): number | null {
  if (!error.retryable || tried.attempts >= retry.attemptsMax) return null;
  const { retryAfterMs = 0 } = error;
  if (retryAfterMs > retry.retryAfterMsMax) return null;
  const longestMs = Math.min(retry.waitMsMax, retry.waitMs * 2 ** (tried.attempts - 1));
  const { discussion, turn, role, speaker } = origin;
  const draw = openDraw(discussion, "back-off", role, speaker, turn, tried.attempts + 1);
  const waitMs = retryAfterMs + longestMs * draw.uniform();
  return tried.waitedMs + waitMs > retry.waitedMsMax ? null : waitMs;
}
