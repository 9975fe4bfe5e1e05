/** One request to a model, with its attempts. */
import type { Clock } from "../ports/clock.ts";
import {
  type Model,
  ModelError,
  type ModelErrorKind,
  type ModelReply,
  type ModelRequest,
} from "../ports/model.ts";
import type { AdaptiveLimit } from "./adaptive.ts";
import { asModelError, attempt } from "./attempt.ts";
import { backOffMs } from "./back_off.ts";
import type { Limiter } from "./limiter.ts";
import { PAUSES_PER_REQUEST_MAX, type RetryPolicy } from "./limits.ts";
import type { Outage, Passage, WaitSignals } from "./outage.ts";
import type { RateLimit } from "./rate_limit.ts";
import type { Watchdog } from "./watchdog.ts";

/** A model with all that stands between it and those who ask it. */
export type LimitedModel = Readonly<{
  model: Model;
  /** How many requests are in flight at once. */
  limiter: Limiter;
  /** Keeps the limiter at what the model bears; it stays as it is where this is left out. */
  adaptive?: AdaptiveLimit;
  /** Spreads requests over time. */
  rates?: RateLimit;
  /** Pauses while the model is down; without it, requests to such a model fail. */
  outage?: Outage;
  /** Gives attempts up that take too long; they take as long as the adapter does where this is left out. */
  watchdog?: Watchdog;
  /** Told of every attempt when it is over; it must not throw. */
  observe?: (attempt: AttemptNotice) => void;
}>;

/** What is told of an attempt at a request. */
export type AttemptNotice =
  & Readonly<{
    request: ModelRequest;
    /** Which attempt it is, from 1. */
    attempt: number;
    /** How long it took, in milliseconds. */
    durationMs: number;
  }>
  & (
    | Readonly<{ reply: ModelReply }>
    /** `retryInMs`: the wait before the next attempt in milliseconds; `null` when there is none. */
    | Readonly<{ error: ModelError; retryInMs: number | null }>
  );

/** How a request went, besides its answer. */
export type RequestTrace = Readonly<{
  attempts: number;
  /** Time of the last attempt, in milliseconds. */
  latencyMs: number;
  /** Time between the attempts, pauses included, in milliseconds; left out where there was none. */
  waitedMs?: number;
}>;

/** A request that was answered, or one that ended in an error after all attempts. */
export type RequestOutcome =
  | Readonly<{ reply: ModelReply; trace: RequestTrace }>
  | Readonly<{ error: ModelError; trace: RequestTrace }>;

/** How a request is sent. */
export type RequestOptions = WaitSignals & Readonly<{ clock: Clock; retry: RetryPolicy }>;

const THROUGH: Passage = { epoch: 0, probe: false, waitedMs: 0 };

/** Failures that too many requests at once bring about. */
const OVERLOADED: ReadonlySet<ModelErrorKind> = new Set(
  ["rate-limited", "server-error", "time-out"] as const,
);

/**
 * Asks a model, and asks again what can succeed later. A slot is held only while an attempt is in flight, so that
 * waiting discussions do not keep others from the model. While the model is down, the request waits for it, and does
 * not use its attempts up.
 *
 * @param limited The model.
 * @param request What is asked.
 * @param options Clock, policy, the signal that gives the request up, and the one that lets an attempt in flight end
 * but begins no further one.
 * @returns The outcome; failures that are not a `ModelError` count as the model being broken. `null` when it was
 * stopped between attempts, or before the first.
 * @throws {ModelDown} When the model was down for too long.
 * @throws The signal's reason, when it gives the request up.
 */
export async function requestReply(
  limited: LimitedModel,
  request: ModelRequest,
  options: RequestOptions,
): Promise<RequestOutcome | null> {
  const { outage, observe } = limited;
  const { clock, retry, signal, stop } = options;
  let attempts = 0;
  let waitedMs = 0;
  let pauses = 0;
  /** What counts against the policy: it begins anew after a pause. */
  let tried = { attempts: 0, waitedMs: 0 };
  for (;;) {
    const passage = await entered(limited, request, options);
    if (passage === null) return null;
    if (stop.aborted) {
      leave(limited, passage);
      return null;
    }
    attempts++;
    tried = { ...tried, attempts: tried.attempts + 1 };
    waitedMs += passage.waitedMs;
    const { result, durationMs } = await tryOnce(limited, request, { passage, clock, signal });
    const trace = {
      attempts,
      latencyMs: durationMs,
      ...(waitedMs === 0 ? {} : { waitedMs: Math.round(waitedMs) }),
    };
    if (!(result instanceof ModelError)) {
      observe?.({ request, attempt: attempts, durationMs, reply: result });
      return { reply: result, trace };
    }
    // A probe that fails is no further pause: how long this one takes is bounded by itself.
    if (result.retryable && outage?.isPaused && (passage.probe || pauses < PAUSES_PER_REQUEST_MAX)) {
      if (!passage.probe) pauses++;
      tried = { attempts: 0, waitedMs: 0 };
      observe?.({ request, attempt: attempts, durationMs, error: result, retryInMs: 0 });
      continue;
    }
    const waitMs = backOffMs(request, result, { tried, retry });
    observe?.({ request, attempt: attempts, durationMs, error: result, retryInMs: waitMs });
    if (waitMs === null) return { error: result, trace };
    if (!await slept(waitMs, options)) return null;
    waitedMs += waitMs;
    tried = { ...tried, waitedMs: tried.waitedMs + waitMs };
  }
}

/** Waits for the model to be there, a slot, and a place in its rate; a slot is held then. `null` when it was stopped. */
async function entered(
  { limiter, outage, rates }: LimitedModel,
  request: ModelRequest,
  options: RequestOptions,
): Promise<Passage | null> {
  const { signal, stop } = options;
  let waitedMs = 0;
  for (;;) {
    // The queue of a model that is down waits without slots: it is not met by all of them at once when it is back.
    const passage = outage === undefined
      ? THROUGH
      : outage.isPaused
      ? await outage.pass(options)
      : outage.through;
    if (passage === null) return null;
    waitedMs += passage.waitedMs;
    const slot = limiter.acquire();
    if (slot !== null) await slot;
    let isIn = false;
    try {
      signal.throwIfAborted();
      if (stop.aborted) return null;
      if (outage?.renewed(passage) === null) continue;
      const rateMs = rates?.take(request) ?? 0;
      if (rateMs > 0 && !await slept(rateMs, options, () => rates!.cancelled(request))) return null;
      // The model went down meanwhile: whoever waited for a place in its rate waits for it with the others.
      const renewed = outage === undefined ? passage : outage.renewed(passage);
      if (renewed === null) {
        rates?.cancelled(request);
        continue;
      }
      isIn = true;
      return waitedMs === 0 ? renewed : { ...renewed, waitedMs };
    } finally {
      if (!isIn) leave({ limiter, outage }, passage);
    }
  }
}

/** Gives the place up that the request had come to. */
function leave({ limiter, outage }: Pick<LimitedModel, "limiter" | "outage">, passage: Passage): void {
  limiter.release();
  outage?.abandoned(passage);
}

/** Makes an attempt, gives its slot back, and tells everybody who learns from it. */
async function tryOnce(
  { model, limiter, adaptive, rates, outage, watchdog }: LimitedModel,
  request: ModelRequest,
  { passage, clock, signal }: Readonly<{ passage: Passage; clock: Clock; signal: AbortSignal }>,
): Promise<Readonly<{ result: ModelReply | ModelError; durationMs: number }>> {
  const startedMs = clock.now();
  const place = adaptive?.began() ?? 0;
  try {
    const reply = await attempt(model, request, { signal, watchdog });
    const durationMs = clock.now() - startedMs;
    rates?.ended(request, reply);
    adaptive?.answered(durationMs);
    outage?.answered();
    return { result: reply, durationMs };
  } catch (cause) {
    rates?.ended(request, null);
    if (signal.aborted) {
      outage?.abandoned(passage);
      throw signal.reason;
    }
    const error = asModelError(cause);
    const durationMs = clock.now() - startedMs;
    if (OVERLOADED.has(error.kind)) adaptive?.overloaded(place);
    outage?.failed(error, { request, passage, tookMs: durationMs });
    return { result: error, durationMs };
  } finally {
    limiter.release();
  }
}

/** Waits; `false` when it was stopped meanwhile. */
async function slept(
  ms: number,
  { clock, signal, stop }: RequestOptions,
  undo: () => void = () => {},
): Promise<boolean> {
  try {
    await clock.sleep(ms, AbortSignal.any([signal, stop]));
    return true;
  } catch (reason) {
    undo();
    if (signal.aborted || !stop.aborted) throw reason;
    return false;
  }
}
