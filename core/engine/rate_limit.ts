/** Limits how many requests and how many tokens a model gets in a minute. */
import type { Clock } from "../ports/clock.ts";
import type { ModelReply, ModelRequest } from "../ports/model.ts";
import { slept, type WaitSignals } from "./waits.ts";

/** A rough average for English. Models differ. */
const CHARS_PER_TOKEN = 4;

/** How many tokens a reply is assumed to have, if the request sets no `maxTokens`. */
const REPLY_TOKENS = 200;

/** How many requests and tokens a model may get in a minute. */
export type Rates = Readonly<{ requestsPerMinute?: number; tokensPerMinute?: number }>;

/** The signals that end a wait, and the clock that measures it. */
export type TimedWait = WaitSignals & Readonly<{ clock: Clock }>;

/** Spreads requests over time. */
export interface RequestRates {
  /** Counts a request if it does not have to wait. Returns whether it was counted. */
  takeAtOnce(request: ModelRequest): boolean;
  /**
   * Counts a request, then waits until it may be sent. Returns `false` if `stop` ended the wait. Only one
   * request at a time may wait here.
   */
  taken(request: ModelRequest, waits: TimedWait): Promise<boolean>;
  /** A request has ended. Without a reply, it costs no tokens. */
  ended(request: ModelRequest, reply: ModelReply | null): void;
  /** A counted request was never sent. */
  cancelled(request: ModelRequest): void;
}

/** Estimates a request's tokens, and later corrects them by the server's count. */
export class RateLimit implements RequestRates {
  readonly #clock: Clock;
  #requests: TokenBucket | null;
  #tokens: TokenBucket | null;

  /** Starts with full buckets. If a rate is missing, it has no limit. */
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

  /** See `RequestRates`. */
  takeAtOnce(request: ModelRequest): boolean {
    if (this.take(request) === 0) return true;
    this.cancelled(request);
    return false;
  }

  /** See `RequestRates`. */
  async taken(request: ModelRequest, waits: TimedWait): Promise<boolean> {
    const waitMs = this.take(request);
    return waitMs === 0 || await slept(waitMs, waits);
  }

  /** See `RequestRates`. */
  ended(request: ModelRequest, reply: ModelReply | null): void {
    if (this.#tokens === null) return;
    this.#tokens = putBack(this.#tokens, estimatedTokens(request) - usedTokens(request, reply));
  }

  /** See `RequestRates`. */
  cancelled(request: ModelRequest): void {
    if (this.#requests !== null) this.#requests = putBack(this.#requests, 1);
    this.ended(request, null);
  }
}

/** The tokens that a request has used. Without a count by the server, the estimate stays. */
export function usedTokens(request: ModelRequest, reply: ModelReply | null): number {
  if (reply === null) return 0;
  const { usage } = reply;
  return usage ? usage.promptTokens + usage.completionTokens : estimatedTokens(request);
}

/** The tokens that a request will probably use. */
export function estimatedTokens({ messages, sampling }: ModelRequest): number {
  const chars = messages.reduce((sum, { content }) => sum + content.length, 0);
  return Math.ceil(chars / CHARS_PER_TOKEN) + (sampling.maxTokens ?? REPLY_TOKENS);
}

/** After a time without requests, the amount for this many milliseconds can be spent in one moment. */
const BURST_MS = 1_000;

const MINUTE_MS = 60_000;

/**
 * `level` is the amount that could be spent at `atMs`. It is below 0 if requests were counted that still wait
 * to be sent.
 */
type TokenBucket = Readonly<{ perMs: number; capacity: number; level: number; atMs: number }>;

export function fullBucket(perMinute: number, nowMs: number): TokenBucket {
  const perMs = perMinute / MINUTE_MS;
  const capacity = Math.max(1, perMs * BURST_MS);
  return { perMs, capacity, level: capacity, atMs: nowMs };
}

/**
 * Spends an amount, and returns how long the request must wait before it is sent. An amount above the
 * capacity waits until the bucket is full.
 */
export function spend(
  bucket: TokenBucket,
  amount: number,
  nowMs: number,
): Readonly<{ bucket: TokenBucket; waitMs: number }> {
  const { perMs, capacity } = bucket;
  // If the clock was set back, the bucket keeps its level.
  const level = Math.min(capacity, bucket.level + Math.max(0, nowMs - bucket.atMs) * perMs);
  const waitMs = Math.max(0, (Math.min(amount, capacity) - level) / perMs);
  return { bucket: { ...bucket, level: level - amount, atMs: nowMs }, waitMs };
}

/** Puts back an amount that was counted but not used. If the amount is negative, it is taken out. */
export function putBack(bucket: TokenBucket, amount: number): TokenBucket {
  return { ...bucket, level: Math.min(bucket.capacity, bucket.level + amount) };
}
