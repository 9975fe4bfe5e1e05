import type { EventMeta } from "../events/mod.ts";
import type { Clock } from "../ports/clock.ts";
import { type Model, ModelError, type ModelReply, type ModelRequest } from "../ports/model.ts";
import type { ModelErrorKind } from "../events/models.ts";
import { PAUSES_PER_REQUEST_MAX, type RetryPolicy } from "./limits.ts";
import { type Place, slept, type WaitSignals } from "./waits.ts";
import type { AdaptiveLimit, Limiter } from "./limiter.ts";
import { asModelError, attempt, backOffMs, type Watchdog } from "./attempt.ts";
import type { Passage, Pauses } from "./pauses.ts";
import type { RateLimit } from "./rate_limit.ts";

/** Asking a model the question of a step, and what the answer was given to. */

/** A question was answered, or ended in an error. */
export type Asked<Step> =
  | Readonly<{ sent: Step; reply: ModelReply; trace: RequestTrace }>
  | Readonly<{ error: ModelError; trace: RequestTrace }>;

/** How a question is asked. */
export type AskOptions<Step> = Readonly<{
  /** The question without so many of its oldest comments; `null` when it does not hold that many. */
  leavingOut: (comments: number) => Step | null;
  clock: Clock;
  retry: RetryPolicy;
  signal: AbortSignal;
  stop: AbortSignal;
  place: Place;
}>;

const LEFT_OUT_TOO_MUCH = "The model adapter says that it left out more comments than the prompt holds";

/**
 * Asks a model.
 *
 * @param model Who is asked.
 * @param step The question.
 * @param options See {@linkcode AskOptions}.
 * @returns The answer, and the question as the model was sent it; `null` when it was stopped before anybody answered.
 * @throws The signal's reason, when it gives the request up.
 */
export async function askModel<Step extends Readonly<{ request: ModelRequest }>>(
  model: LimitedModel,
  step: Step,
  { leavingOut, ...options }: AskOptions<Step>,
): Promise<Asked<Step> | null> {
  const shorten = (comments: number) => leavingOut(comments)?.request.messages ?? null;
  const outcome = await requestReply(model, { ...step.request, shorten }, options);
  if (outcome === null || "error" in outcome) return outcome;
  const { reply, trace } = outcome;
  const { commentsLeftOut = 0 } = reply;
  const sent = commentsLeftOut === 0 ? step : leavingOut(commentsLeftOut);
  if (sent === null) return { error: new ModelError("broken-model", LEFT_OUT_TOO_MUCH), trace };
  return { sent, reply, trace };
}

/** What the log keeps of an error besides its kind. */
export function failureMeta(error: ModelError, trace: RequestTrace): EventMeta {
  return { ...trace, message: error.message, ...(error.status ? { status: error.status } : {}) };
}

/** One request to a model, with its attempts. */

/** A model with all that stands between it and those who ask it. */
export type LimitedModel = Readonly<{
  model: Model;
  /** How many requests are in flight at once. */
  limiter: Limiter;
  /** Keeps the limiter at what the model bears; it stays as it is where this is left out. */
  adaptive?: AdaptiveLimit;
  /** Spreads requests over time. */
  rates?: RateLimit;
  /** Pauses while the model is down or takes no more requests; without it, requests to such a model fail. */
  pauses?: Pauses;
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
export type RequestOptions = WaitSignals & Readonly<{ clock: Clock; retry: RetryPolicy; place: Place }>;

/** What a request goes through, and how long it waited for a model that was paused, in milliseconds. */
type Entry = Readonly<{ passage: Passage; waitedMs: number }>;

const THROUGH: Passage = { epoch: 0, probe: false };

/** Failures that too many requests at once bring about. */
const OVERLOADED: ReadonlySet<ModelErrorKind> = new Set(
  ["rate-limited", "server-error", "time-out"] as const,
);

/**
 * Asks a model, and asks again what can succeed later. A slot and a place among the discussions that are worked on are
 * held only while an attempt is in flight, so that waiting discussions keep no others from going on. While the model is
 * paused, the request waits for it, and does not use its attempts up.
 *
 * @param limited The model.
 * @param request What is asked.
 * @param options Clock, policy, place, the signal that gives the request up, and the one that lets an attempt in flight
 * end but begins no further one.
 * @returns The outcome; failures that are not a `ModelError` count as the model being broken. The place is held then.
 * `null` when it was stopped between attempts, or before the first.
 * @throws {ModelPausedTooLong} When the model was paused for too long.
 * @throws The signal's reason, when it gives the request up.
 */
export async function requestReply(
  limited: LimitedModel,
  request: ModelRequest,
  options: RequestOptions,
): Promise<RequestOutcome | null> {
  const { pauses, observe } = limited;
  const { retry, place } = options;
  let attempts = 0;
  let waitedMs = 0;
  let pausesOwn = 0;
  /** What counts against the policy: it begins anew after a pause. */
  let tried = { attempts: 0, waitedMs: 0 };
  for (;;) {
    const entry = enteredAtOnce(limited, request, options) ?? await entered(limited, request, options);
    if (entry === null) return null;
    const { passage } = entry;
    if (options.stop.aborted) {
      limited.limiter.release();
      limited.rates?.cancelled(request);
      pauses?.abandoned(passage);
      return null;
    }
    attempts++;
    tried = { ...tried, attempts: tried.attempts + 1 };
    waitedMs += entry.waitedMs;
    const { result, durationMs } = await tryOnce(limited, request, {
      passage,
      clock: options.clock,
      signal: options.signal,
    });
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
    if (result.retryable && pauses?.isPaused && (passage.probe || pausesOwn < PAUSES_PER_REQUEST_MAX)) {
      if (!passage.probe) pausesOwn++;
      tried = { attempts: 0, waitedMs: 0 };
      observe?.({ request, attempt: attempts, durationMs, error: result, retryInMs: 0 });
      continue;
    }
    const waitMs = backOffMs(request, result, { tried, retry });
    observe?.({ request, attempt: attempts, durationMs, error: result, retryInMs: waitMs });
    if (waitMs === null) return { error: result, trace };
    place.leave();
    if (!await slept(waitMs, options)) return null;
    waitedMs += waitMs;
    tried = { ...tried, waitedMs: tried.waitedMs + waitMs };
  }
}

/** The entry of a request that need not wait for anything; `null` for any other. */
function enteredAtOnce(
  { limiter, pauses, rates }: LimitedModel,
  request: ModelRequest,
  { place, signal, stop }: RequestOptions,
): Entry | null {
  if (!limiter.line.isEmpty || !place.isHeld || signal.aborted || stop.aborted) return null;
  if (limiter.isFull || pauses?.isOpenTo(limiter.held) === false) return null;
  if (rates?.takeAtOnce(request) === false) return null;
  limiter.acquire();
  return { passage: pauses?.through ?? THROUGH, waitedMs: 0 };
}

/**
 * Waits in line, without a place and a slot, for the model to be there, for the request's turn by its rates, and for a
 * slot and a place, which are held then. `null` when it was stopped.
 */
async function entered(
  { limiter, pauses, rates }: LimitedModel,
  request: ModelRequest,
  options: RequestOptions,
): Promise<Entry | null> {
  const { clock, place, signal, stop } = options;
  const { line } = limiter;
  const startedMs = clock.now();
  const pausedBefore = pauses?.isPaused ? null : pauses?.through.epoch;
  let [isFirst, isTaken, isIn] = [false, false, false];
  let passage: Passage | null = null;
  place.leave();
  try {
    await line.join(options);
    isFirst = true;
    while (!isIn) {
      signal.throwIfAborted();
      if (stop.aborted) return null;
      passage = await pauses?.pass(() => limiter.held, options) ?? THROUGH;
      if (!isTaken) {
        isTaken = true;
        const rateMs = rates?.take(request) ?? 0;
        if (rateMs > 0 && !await slept(rateMs, options)) return null;
      }
      await limiter.acquire();
      await place.back();
      // The model was paused meanwhile: the request waits for it with the others.
      const renewed: Passage | null = pauses === undefined ? passage : pauses.renewed(passage);
      isIn = renewed !== null && !signal.aborted && !stop.aborted;
      if (!isIn) {
        limiter.release();
        place.leave();
        pauses?.abandoned(passage);
      }
      passage = renewed;
    }
    const wasPaused = pauses !== undefined && pausedBefore !== passage!.epoch;
    return { passage: passage!, waitedMs: wasPaused ? Math.max(0, clock.now() - startedMs) : 0 };
  } catch (reason) {
    if (signal.aborted || !stop.aborted) throw reason;
    return null;
  } finally {
    if (!isIn) {
      if (isTaken) rates?.cancelled(request);
      if (passage !== null) pauses?.abandoned(passage);
    }
    if (isFirst) line.leave();
  }
}

/** Makes an attempt, gives its slot back, and tells everybody who learns from it. */
async function tryOnce(
  { model, limiter, adaptive, rates, pauses, watchdog }: LimitedModel,
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
    pauses?.answered(passage);
    return { result: reply, durationMs };
  } catch (cause) {
    rates?.ended(request, null);
    if (signal.aborted) {
      pauses?.abandoned(passage);
      throw signal.reason;
    }
    const error = asModelError(cause);
    const durationMs = clock.now() - startedMs;
    if (OVERLOADED.has(error.kind)) adaptive?.overloaded(place);
    pauses?.failed(error, { request, passage, tookMs: durationMs, inFlight: limiter.held });
    return { result: error, durationMs };
  } finally {
    limiter.release();
  }
}
