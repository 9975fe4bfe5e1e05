/** Limits requests and tokens by the minute, with token buckets. */
import type { Clock } from "../ports/clock.ts";
import type { ModelReply, ModelRequest } from "../ports/model.ts";

/** A rule of thumb for English; models differ. */
const CHARS_PER_TOKEN = 4;

/** The assumed tokens of a reply whose request sets no `maxTokens`. */
const REPLY_TOKENS = 200;

/** How many requests and tokens a model may get in a minute. */
export type Rates = Readonly<{ requestsPerMinute?: number; tokensPerMinute?: number }>;

/** Spreads requests over time. Their tokens are estimated first, and corrected by the server's count afterwards. */
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

  /** Counts a request if it need not wait. Returns whether it did. */
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

/** After a pause, the amount for this many milliseconds can be spent at once. */
const BURST_MS = 1_000;

const MINUTE_MS = 60_000;

/** What can be spent, and the time of the last change. Below 0, waiting requests have already spent it. */
type TokenBucket = Readonly<{ perMs: number; capacity: number; level: number; atMs: number }>;

/** A full bucket. */
export function fullBucket(perMinute: number, nowMs: number): TokenBucket {
  const perMs = perMinute / MINUTE_MS;
  const capacity = Math.max(1, perMs * BURST_MS);
  return { perMs, capacity, level: capacity, atMs: nowMs };
}

/**
 * Spends an amount, and says how long to wait for it. An amount above the capacity waits until the bucket is full, and later
 * ones wait longer.
 *
 * @param nowMs The time. A clock that was set back fills nothing.
 */
export function spend(
  bucket: TokenBucket,
  amount: number,
  nowMs: number,
): Readonly<{ bucket: TokenBucket; waitMs: number }> {
  const { perMs, capacity } = bucket;
  const level = Math.min(capacity, bucket.level + Math.max(0, nowMs - bucket.atMs) * perMs);
  const waitMs = Math.max(0, (Math.min(amount, capacity) - level) / perMs);
  return { bucket: { ...bucket, level: level - amount, atMs: nowMs }, waitMs };
}

/** Puts an amount back that was not spent after all. A negative amount is taken out. */
export function putBack(bucket: TokenBucket, amount: number): TokenBucket {
  return { ...bucket, level: Math.min(bucket.capacity, bucket.level + amount) };
}
