/** Limits how many requests to a model are in flight at once, and how many it gets in a minute. */
import type { WaitSignals } from "./waits.ts";
import { ADAPTIVE_START } from "./limits.ts";
import type { Clock } from "../ports/clock.ts";
import type { ModelReply, ModelRequest } from "../ports/model.ts";

/** Hands out slots, first come, first served. A request needs a slot while it is in flight. */
export class Limiter {
  /** Requests that cannot start at once wait here first. */
  readonly queue = new RequestQueue();
  #limit: number;
  #held = 0;
  readonly #waiting: (() => void)[] = [];

  /** Starts with this many free slots; at least 1. */
  constructor(slots: number) {
    this.#limit = checked(slots);
  }

  /** How many slots there are. */
  get limit(): number {
    return this.#limit;
  }

  /** How many slots are taken. */
  get held(): number {
    return this.#held;
  }

  /** Whether no slot is free. */
  get isFull(): boolean {
    return this.#held >= this.#limit;
  }

  /** Takes a slot: `null` if one is free, otherwise a promise for one. Every slot must be released. */
  acquire(): Promise<void> | null {
    if (this.#held < this.#limit) {
      this.#held++;
      return null;
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Gives a slot back. The caller that has waited longest gets it. */
  release(): void {
    this.#held--;
    this.#handOut();
  }

  /** Changes the number of slots; at least 1. Excess slots stay taken until their release, and are then removed. */
  resize(slots: number): void {
    this.#limit = checked(slots);
    this.#handOut();
  }

  #handOut(): void {
    while (this.#held < this.#limit) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#held++;
      next();
    }
  }
}

function checked(slots: number): number {
  if (!Number.isSafeInteger(slots) || slots < 1) {
    throw new RangeError(`Cannot limit to "${slots}" requests: expected a whole number of at least 1`);
  }
  return slots;
}

/** Waiting requests, first come, first served. Only the first request watches for its turn; the others sleep. */
export class RequestQueue {
  #hasFirst = false;
  readonly #behind = new Set<() => void>();

  get isEmpty(): boolean {
    return !this.#hasFirst;
  }

  /** Joins the queue: `null` if the caller is first, otherwise a promise. Call `leave()` later, unless the promise rejects. */
  join({ signal, stop }: WaitSignals): Promise<void> | null {
    if (!this.#hasFirst) {
      this.#hasFirst = true;
      return null;
    }
    return new Promise((resolve, reject) => {
      const ending = AbortSignal.any([signal, stop]);
      const settle = (act: () => void) => () => {
        this.#behind.delete(becomeFirst);
        ending.removeEventListener("abort", cancel);
        act();
      };
      const becomeFirst = settle(resolve);
      const cancel = settle(() => reject(ending.reason));
      if (ending.aborted) return cancel();
      this.#behind.add(becomeFirst);
      ending.addEventListener("abort", cancel, { once: true });
    });
  }

  leave(): void {
    const [next] = this.#behind;
    if (next === undefined) this.#hasFirst = false;
    else next();
  }
}

/** The limit grows while latency is at most this many times the best latency. */
const LATENCY_TOLERANCE = 2.5;

/** The best latency grows by this factor a round, since prompts get longer as discussions proceed. */
const BEST_LATENCY_DRIFT = 1.02;

/** Once the limit has fallen, it grows by this share of its maximum a round. */
const GROWTH_SHARE = 1 / 16;

export type AdaptiveState = Readonly<{
  max: number;
  limit: number;
  /** Below this value, the limit doubles each round: the limit after its last fall, or `max` if it never fell. */
  threshold: number;
  /** Attempts with a lower number began before the limit fell, so their failures do not lower it again. */
  newsFrom: number;
  /** The mean latency of the best round, in milliseconds; `null` before the first round has ended. */
  bestMs: number | null;
  /** The current round. It ends after as many answers as the limit. */
  round: Readonly<{ answers: number; latencyMs: number; busiest: number }>;
}>;

export type AttemptResult =
  /** `held`: slots that were taken when the answer came. */
  | Readonly<{ kind: "answered"; latencyMs: number; held: number }>
  /** The attempt failed, perhaps because too many requests were in flight. `begun`: attempts that have begun so far. */
  | Readonly<{ kind: "overloaded"; attempt: number; begun: number }>;

const NEW_ROUND: AdaptiveState["round"] = { answers: 0, latencyMs: 0, busiest: 0 };

export function adaptiveStart(max: number): AdaptiveState {
  const limit = Math.min(max, ADAPTIVE_START);
  return { max, limit, threshold: max, newsFrom: 0, bestMs: null, round: NEW_ROUND };
}

export function adapt(state: AdaptiveState, result: AttemptResult): AdaptiveState {
  if (result.kind === "overloaded") {
    if (result.attempt < state.newsFrom) return state;
    const limit = Math.max(1, Math.floor(state.limit / 2));
    return { ...state, limit, threshold: limit, newsFrom: result.begun, round: NEW_ROUND };
  }
  const answers = state.round.answers + 1;
  const latencyMs = state.round.latencyMs + result.latencyMs;
  const busiest = Math.max(state.round.busiest, result.held);
  if (answers < state.limit) return { ...state, round: { answers, latencyMs, busiest } };
  const meanMs = latencyMs / answers;
  const bestMs = state.bestMs === null ? meanMs : Math.min(meanMs, state.bestMs * BEST_LATENCY_DRIFT);
  // A limit that was never reached has not been tested.
  const keepsUp = busiest >= state.limit && meanMs <= bestMs * LATENCY_TOLERANCE;
  return { ...state, limit: keepsUp ? grown(state) : state.limit, bestMs, round: NEW_ROUND };
}

function grown({ limit, threshold, max }: AdaptiveState): number {
  const next = limit < threshold
    ? Math.min(limit * 2, threshold)
    : limit + Math.max(1, Math.round(max * GROWTH_SHARE));
  return Math.min(next, max);
}

/** Adapts a limiter: more slots while the model keeps up, half as many when it does not. */
export class AdaptiveLimit {
  readonly #limiter: Limiter;
  #state: AdaptiveState;
  #begun = 0;

  /** Starts the limiter with few slots, and never gives it more than `max`. */
  constructor(limiter: Limiter, max: number) {
    this.#limiter = limiter;
    this.#state = adaptiveStart(max);
    limiter.resize(this.#state.limit);
  }

  /** An attempt begins. Returns its number. */
  began(): number {
    return this.#begun++;
  }

  /** An attempt was answered after this many milliseconds. Its slot is still taken. */
  answered(latencyMs: number): void {
    this.#set(adapt(this.#state, { kind: "answered", latencyMs, held: this.#limiter.held }));
  }

  /** An attempt failed, perhaps because too many requests were in flight. */
  overloaded(attempt: number): void {
    this.#set(adapt(this.#state, { kind: "overloaded", attempt, begun: this.#begun }));
  }

  #set(state: AdaptiveState): void {
    if (state.limit !== this.#state.limit) this.#limiter.resize(state.limit);
    this.#state = state;
  }
}

/** A rule of thumb for English; models differ. */
const CHARS_PER_TOKEN = 4;

/** The assumed tokens of a reply if the request sets no `maxTokens`. */
const REPLY_TOKENS = 200;

/** How many requests and tokens a model may get in a minute. */
export type Rates = Readonly<{ requestsPerMinute?: number; tokensPerMinute?: number }>;

/** Spreads requests over time. It estimates a request's tokens, and later corrects them by the server's count. */
export class RateLimit {
  readonly #clock: Clock;
  #requests: TokenBucket | null;
  #tokens: TokenBucket | null;

  /** Starts with full buckets. A missing limit does not apply. */
  constructor({ requestsPerMinute, tokensPerMinute }: Rates, clock: Clock) {
    this.#clock = clock;
    this.#requests = requestsPerMinute === undefined ? null : fullBucket(requestsPerMinute, clock.now());
    this.#tokens = tokensPerMinute === undefined ? null : fullBucket(tokensPerMinute, clock.now());
  }

  /** Counts a request. Returns how long it must wait, in milliseconds. */
  take(request: ModelRequest): number {
    const nowMs = this.#clock.now();
    let waitMs = 0;
    if (this.#requests !== null) ({ bucket: this.#requests, waitMs } = spend(this.#requests, 1, nowMs));
    if (this.#tokens === null) return waitMs;
    const tokens = spend(this.#tokens, estimatedTokens(request), nowMs);
    this.#tokens = tokens.bucket;
    return Math.max(waitMs, tokens.waitMs);
  }

  /** Counts a request if it does not have to wait. Returns whether it was counted. */
  takeAtOnce(request: ModelRequest): boolean {
    if (this.take(request) === 0) return true;
    this.cancelled(request);
    return false;
  }

  /** A request has ended. Without a reply, it costs no tokens. */
  ended(request: ModelRequest, reply: ModelReply | null): void {
    if (this.#tokens === null) return;
    const estimated = estimatedTokens(request);
    const usage = reply?.usage;
    // Without a count by the server, the estimate stays.
    const used = reply === null ? 0 : usage ? usage.promptTokens + usage.completionTokens : estimated;
    this.#tokens = putBack(this.#tokens, estimated - used);
  }

  /** A request was never sent. */
  cancelled(request: ModelRequest): void {
    if (this.#requests !== null) this.#requests = putBack(this.#requests, 1);
    this.ended(request, null);
  }
}

function estimatedTokens({ messages, sampling }: ModelRequest): number {
  const chars = messages.reduce((sum, { content }) => sum + content.length, 0);
  return Math.ceil(chars / CHARS_PER_TOKEN) + (sampling.maxTokens ?? REPLY_TOKENS);
}

/** After an idle time, the amount for this many milliseconds can be spent at once. */
const BURST_MS = 1_000;

const MINUTE_MS = 60_000;

/** `level` is the amount that can be spent at `atMs`. It is below 0 if waiting requests have spent more than there was. */
type TokenBucket = Readonly<{ perMs: number; capacity: number; level: number; atMs: number }>;

export function fullBucket(perMinute: number, nowMs: number): TokenBucket {
  const perMs = perMinute / MINUTE_MS;
  const capacity = Math.max(1, perMs * BURST_MS);
  return { perMs, capacity, level: capacity, atMs: nowMs };
}

/** Spends an amount, and returns how long to wait first. An amount above the capacity waits until the bucket is full. */
export function spend(
  bucket: TokenBucket,
  amount: number,
  nowMs: number,
): Readonly<{ bucket: TokenBucket; waitMs: number }> {
  const { perMs, capacity } = bucket;
  // A clock that was set back does not fill the bucket.
  const level = Math.min(capacity, bucket.level + Math.max(0, nowMs - bucket.atMs) * perMs);
  const waitMs = Math.max(0, (Math.min(amount, capacity) - level) / perMs);
  return { bucket: { ...bucket, level: level - amount, atMs: nowMs }, waitMs };
}

/** Puts back an amount that was not spent after all. A negative amount is taken out. */
export function putBack(bucket: TokenBucket, amount: number): TokenBucket {
  return { ...bucket, level: Math.min(bucket.capacity, bucket.level + amount) };
}
