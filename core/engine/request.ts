/** Asks a model: waits until the request may be sent, sends it, and retries it. */
import type { EventMeta } from "../events/mod.ts";
import type { Clock } from "../ports/clock.ts";
import { type Model, ModelError, type ModelReply, type ModelRequest } from "../ports/model.ts";
import type { Situation } from "../ports/situation.ts";
import type { ModelErrorKind } from "../events/models.ts";
import { PAUSES_PER_REQUEST_MAX, type RetryPolicy } from "./limits.ts";
import { type Place, slept, type WaitSignals } from "./waits.ts";
import type { CapacityLearner } from "./adaptive_limit.ts";
import type { Limiter } from "./limiter.ts";
import type { RequestRates } from "./rate_limit.ts";
import { asModelError, attempt, backOffMs, type Watchdog } from "./attempt.ts";
import type { Passage } from "./pause_context.ts";
import type { Pauses } from "./pauses.ts";

/** A question was answered, or ended in an error. `sent` is the question as the model received it. */
export type Asked<Step> = Readonly<
  ({ sent: Step; reply: ModelReply } | { error: ModelError }) & { trace: RequestTrace }
>;

type AskOptions<Step> = Readonly<{
  /** What a person who answers the question is allowed to see. */
  situation: () => Situation;
  /** The question after `comments` of its oldest comments were left out; `null` if it has fewer. */
  leavingOut: (comments: number) => Step | null;
  clock: Clock;
  retry: RetryPolicy;
  signal: AbortSignal;
  stop: AbortSignal;
  place: Place;
}>;

const LEFT_OUT_TOO_MUCH = "The model adapter left out more comments than the prompt contains";

/** Asks a model the question of a step. Returns `null` if `stop` came before the answer. */
export async function askModel<Step extends Readonly<{ request: ModelRequest }>>(
  model: LimitedModel,
  step: Step,
  { leavingOut, situation, ...options }: AskOptions<Step>,
): Promise<Asked<Step> | null> {
  const shorten = (comments: number) => leavingOut(comments)?.request.messages ?? null;
  const outcome = await requestReply(model, { ...step.request, shorten, situation }, options);
  if (outcome === null || "error" in outcome) return outcome;
  const { reply, trace } = outcome;
  const { commentsLeftOut = 0 } = reply;
  const sent = commentsLeftOut === 0 ? step : leavingOut(commentsLeftOut);
  if (sent === null) return { error: new ModelError("broken-model", LEFT_OUT_TOO_MUCH), trace };
  return { sent, reply, trace: reply.meta === undefined ? trace : { ...reply.meta, ...trace } };
}

/** The details of an error that the log keeps, besides its kind. */
export function failureMeta(error: ModelError, trace: RequestTrace): EventMeta {
  return { ...trace, message: error.message, ...(error.status ? { status: error.status } : {}) };
}

/** A model, and everything that limits requests to it. */
export type LimitedModel = Readonly<{
  model: Model;
  /** Limits how many requests are in flight at the same time. */
  limiter: Limiter;
  /** Adapts the limiter to the model's capacity. */
  adaptive?: CapacityLearner;
  /** Spreads requests over time. */
  rates?: RequestRates;
  /** Pauses the model while it is down or takes no more requests. If missing, requests then fail. */
  pauses?: Pauses;
  /** Aborts attempts that take too long. */
  watchdog?: Watchdog;
  /** Whether people answer. A discussion that waits for a person has no place, and `stop` ends the wait. */
  asksPeople?: boolean;
  /** Receives every attempt when it is over. It must not throw. */
  observe?: (attempt: AttemptNotice) => void;
}>;

/** An attempt at a request. */
export type AttemptNotice =
  & Readonly<{
    request: ModelRequest;
    /** The number of the attempt, from 1. */
    attempt: number;
    durationMs: number;
  }>
  & (
    | Readonly<{ reply: ModelReply }>
    /** `retryInMs`: the wait before the next attempt in milliseconds; `null` if there is none. */
    | Readonly<{ error: ModelError; retryInMs: number | null }>
  );

/** The attempts and times of a request. */
export type RequestTrace = Readonly<{
  attempts: number;
  /** How long the last attempt took, in milliseconds. */
  latencyMs: number;
  /** The total wait between the attempts, pauses included, in milliseconds. */
  waitedMs?: number;
}>;

/** A request was answered, or ended in an error after all attempts. */
type RequestOutcome = Readonly<({ reply: ModelReply } | { error: ModelError }) & { trace: RequestTrace }>;

type RequestOptions = WaitSignals & Readonly<{ clock: Clock; retry: RetryPolicy; place: Place }>;

/** The permission to send a request. `waitedMs`: how long the request waited for a paused model. */
type Entry = Readonly<{ passage: Passage; waitedMs: number }>;

const THROUGH: Passage = { epoch: 0, probe: false };

/** Failures that too many requests at the same time can cause. */
const OVERLOADED: ReadonlySet<ModelErrorKind> = new Set(
  ["rate-limited", "server-error", "time-out"] as const,
);

/**
 * Sends a request, and retries it. The request has a slot and a place only while an attempt is in flight, so
 * that a waiting discussion does not block others. Waits for a paused model use up no attempts.
 *
 * @param options `signal` aborts the request. `stop` prevents further attempts: an attempt in flight ends
 *   normally, but a question to a person is withdrawn.
 * @returns The outcome; the discussion then has a place. An error that is not a `ModelError` counts as a
 *   broken model. `null` if `stop` prevented the reply.
 * @throws {ModelPausedTooLong} If the model was paused for too long.
 * @throws The signal's reason if it aborts the request.
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
  // What the retry policy limits: the attempts and the waits since the last pause.
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
    const attempted = await (limited.asksPeople ? askPerson : tryOnce)(limited, request, {
      ...options,
      passage,
    });
    if (attempted === null) return null;
    const { result, durationMs } = attempted;
    const trace = {
      attempts,
      latencyMs: durationMs,
      ...(waitedMs === 0 ? {} : { waitedMs: Math.round(waitedMs) }),
    };
    if (!(result instanceof ModelError)) {
      observe?.({ request, attempt: attempts, durationMs, reply: result });
      return { reply: result, trace };
    }
    // A request can begin again after a limited number of pauses. A failed probe is not a new pause.
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

/** Lets a request through if it does not have to wait; otherwise `null`. */
function enteredAtOnce(
  { limiter, pauses, rates }: LimitedModel,
  request: ModelRequest,
  { place, signal, stop }: RequestOptions,
): Entry | null {
  if (!limiter.queue.isEmpty || !place.isHeld || signal.aborted || stop.aborted) return null;
  if (!limiter.takeAtOnce()) return null;
  if (pauses?.isOpenTo(limiter.held - 1) === false || rates?.takeAtOnce(request) === false) {
    limiter.release();
    return null;
  }
  return { passage: pauses?.through ?? THROUGH, waitedMs: 0 };
}

/** Waits, without a place, for the model, the rate limit, a slot and a place. `null` if `stop` ended the wait. */
async function entered(
  { limiter, pauses, rates }: LimitedModel,
  request: ModelRequest,
  options: RequestOptions,
): Promise<Entry | null> {
  const { clock, place, signal, stop } = options;
  const { queue } = limiter;
  const startedMs = clock.now();
  const pausedBefore = pauses?.isPaused ? null : pauses?.through.epoch;
  let [isFirst, isTaken, isIn] = [false, false, false];
  let passage: Passage | null = null;
  place.leave();
  try {
    await queue.join(options);
    isFirst = true;
    while (!isIn) {
      signal.throwIfAborted();
      if (stop.aborted) return null;
      passage = await pauses?.pass(() => limiter.held, options) ?? THROUGH;
      if (!isTaken) {
        isTaken = true;
        if (rates !== undefined && !await rates.taken(request, options)) return null;
      }
      await limiter.acquire(options);
      await place.back();
      // If the model was paused during these waits, the request waits again.
      const renewed: Passage | null = pauses === undefined ? passage : pauses.renewed(passage);
      // If the share of this process ended during these waits, the slot can belong to another process.
      const isOver = limiter.held > 0 && limiter.limit === 0;
      isIn = renewed !== null && !isOver && !signal.aborted && !stop.aborted;
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
    if (isFirst) queue.leave();
  }
}

/** Asks a person. The discussion has no place during this time. `null` if `stop` ended the wait. */
async function askPerson(
  limited: LimitedModel,
  request: ModelRequest,
  { stop, ...options }: RequestOptions & Readonly<{ passage: Passage }>,
): Promise<Attempted | null> {
  const { place, signal } = options;
  place.leave();
  try {
    const attempted = await tryOnce(limited, request, {
      ...options,
      signal: AbortSignal.any([signal, stop]),
    });
    await place.back();
    return attempted;
  } catch (reason) {
    if (signal.aborted || !stop.aborted) throw reason;
    return null;
  }
}

type Attempted = Readonly<{ result: ModelReply | ModelError; durationMs: number }>;

/** Makes one attempt, then releases its slot, and reports the result to the model's limits. */
async function tryOnce(
  { model, limiter, adaptive, rates, pauses, watchdog }: LimitedModel,
  request: ModelRequest,
  { passage, clock, signal }: Readonly<{ passage: Passage; clock: Clock; signal: AbortSignal }>,
): Promise<Attempted> {
  const startedMs = clock.now();
  const nth = adaptive?.began() ?? 0;
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
    if (OVERLOADED.has(error.kind)) adaptive?.overloaded(nth);
    pauses?.failed(error, { request, passage, tookMs: durationMs, inFlight: limiter.held });
    return { result: error, durationMs };
  } finally {
    limiter.release();
  }
}
