/** One request to a model, with its attempts. */
import { choiceProblem } from "../ports/choice_problem.ts";
import type { Clock } from "../ports/clock.ts";
import {
  FINISH_REASONS,
  type Model,
  ModelError,
  type ModelReply,
  type ModelRequest,
} from "../ports/model.ts";
import { requestedForm } from "../ports/requested_form.ts";
import { openDraw } from "../random/mod.ts";
import type { Limiter } from "./limiter.ts";
import type { RetryPolicy } from "./limits.ts";

/** A model with the limit that its experiment sets on it. */
export type LimitedModel = Readonly<{ model: Model; limiter: Limiter }>;

/** How a request went, besides its answer. */
export type RequestTrace = Readonly<{
  attempts: number;
  /** Time of the last attempt, in milliseconds. */
  latencyMs: number;
}>;

/** A request that was answered, or one that ended in an error after all attempts. */
export type RequestOutcome =
  | Readonly<{ reply: ModelReply; trace: RequestTrace }>
  | Readonly<{ error: ModelError; trace: RequestTrace }>;

/**
 * Asks a model, and asks again what can succeed later. A slot is held only while an attempt is in flight, so that
 * waiting discussions do not keep others from the model.
 *
 * @param limited The model.
 * @param request What is asked.
 * @param options Clock, policy, the signal that gives the request up, and the one that lets an attempt in flight end
 * but begins no further one.
 * @returns The outcome; failures that are not a `ModelError` count as the model being broken. `null` when it was
 * stopped between attempts, or before the first.
 * @throws The signal's reason, when it gives the request up.
 */
export async function requestReply(
  { model, limiter }: LimitedModel,
  request: ModelRequest,
  { clock, retry, signal, stop }: Readonly<{
    clock: Clock;
    retry: RetryPolicy;
    signal: AbortSignal;
    stop: AbortSignal;
  }>,
): Promise<RequestOutcome | null> {
  for (let attempts = 1;; attempts++) {
    const slot = limiter.acquire();
    if (slot !== null) await slot;
    const startedMs = clock.now();
    let error: ModelError;
    try {
      signal.throwIfAborted();
      if (stop.aborted) return null;
      const reply = await model.generate(request, signal);
      refuseNoReply(reply, request);
      return { reply, trace: { attempts, latencyMs: clock.now() - startedMs } };
    } catch (cause) {
      signal.throwIfAborted();
      error = asModelError(cause);
    } finally {
      limiter.release();
    }
    const trace = { attempts, latencyMs: clock.now() - startedMs };
    const waitMs = error.retryable ? waitBefore(attempts + 1, { request, error, retry }) : null;
    if (waitMs === null) return { error, trace };
    try {
      await clock.sleep(waitMs, AbortSignal.any([signal, stop]));
    } catch (reason) {
      if (signal.aborted || !stop.aborted) throw reason;
      return null;
    }
  }
}

/** A researcher's own adapter can answer with anything; what gets into a log must be what logs hold. */
function refuseNoReply(reply: unknown, request: ModelRequest): void {
  const { text, finishReason, usage, servedBy, choice, choices } = isFields(reply) ? reply : {};
  let wrong: string | null;
  if (typeof text !== "string") wrong = "its text is not a string";
  else if (!(FINISH_REASONS as readonly unknown[]).includes(finishReason)) {
    wrong = `its finishReason is none of ${FINISH_REASONS.join(", ")}`;
  } else if (usage !== undefined && !isUsage(usage)) wrong = "its usage holds no counts of tokens";
  else if (servedBy !== undefined && typeof servedBy !== "string") wrong = "its servedBy is not a string";
  else wrong = choiceProblem(requestedForm(request), { text, choice, choices });
  if (wrong === null) return;
  throw new TypeError(`its answer is no reply: ${wrong}`);
}

function isUsage(usage: unknown): boolean {
  return isFields(usage) && isCount(usage.promptTokens) && isCount(usage.completionTokens);
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function asModelError(cause: unknown): ModelError {
  if (cause instanceof ModelError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ModelError("broken-model", `The model adapter failed: ${reason}`, { cause });
}

/** The wait before an attempt in milliseconds, or `null` when there is to be no further one. */
function waitBefore(
  attempt: number,
  { request, error, retry }: { request: ModelRequest; error: ModelError; retry: RetryPolicy },
): number | null {
  if (attempt > retry.attemptsMax) return null;
  const doubled = Math.min(retry.waitMsMax, retry.waitMs * 2 ** (attempt - 2));
  // Half of the wait is jitter: discussions that failed together must not come back together.
  const { discussion, turn } = request.origin;
  const jittered = doubled * (0.5 + 0.5 * openDraw(discussion, "back-off", turn, attempt).uniform());
  if (error.retryAfterMs === undefined) return jittered;
  return error.retryAfterMs > retry.retryAfterMsMax ? null : Math.max(error.retryAfterMs, jittered);
}
