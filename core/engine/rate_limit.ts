import type { Clock } from "../ports/clock.ts";
import type { ModelReply, ModelRequest } from "../ports/model.ts";

/** A limit on requests and tokens by the minute. */

/** Models differ; four characters a token is the usual rule of thumb for English. */
const CHARS_PER_TOKEN = 4;

/** Tokens that a reply is taken to have where its request sets no `maxTokens`. */
const REPLY_TOKENS = 200;

/** How many requests and tokens a model may be sent in a minute. */
export type Rates = Readonly<{ requestsPerMinute?: number; tokensPerMinute?: number }>;

/** Spreads requests over time. Tokens are estimated before a request, and corrected by what the server counts after it. */
export class RateLimit {
  readonly #clock: Clock;
  #requests: TokenBucket | null;
  #tokens: TokenBucket | null;

  /**
   * Begins with a rest behind it.
   *
   * @param rates The limits; one that is left out does not hold.
   * @param clock Tells the time.
   */
  constructor({ requestsPerMinute, tokensPerMinute }: Rates, clock: Clock) {
    this.#clock = clock;
    this.#requests = requestsPerMinute === undefined ? null : fullBucket(requestsPerMinute, clock.now());
    this.#tokens = tokensPerMinute === undefined ? null : fullBucket(tokensPerMinute, clock.now());
  }

  /** Takes a request into account; how long it must wait, in milliseconds. */
  take(request: ModelRequest): number {
    const nowMs = this.#clock.now();
    let waitMs = 0;
    if (this.#requests !== null) ({ bucket: this.#requests, waitMs } = spend(this.#requests, 1, nowMs));
    if (this.#tokens === null) return waitMs;
    const tokens = spend(this.#tokens, estimatedTokens(request), nowMs);
    this.#tokens = tokens.bucket;
    return Math.max(waitMs, tokens.waitMs);
  }

  /** Takes a request into account if it need not wait; whether it did. */
  takeAtOnce(request: ModelRequest): boolean {
    if (this.take(request) === 0) return true;
    this.cancelled(request);
    return false;
  }

  /** A request has ended: with a reply, or without any, which costs no tokens. */
  ended(request: ModelRequest, reply: ModelReply | null): void {
    if (this.#tokens === null) return;
    const estimated = estimatedTokens(request);
    const usage = reply?.usage;
    // Where the server does not count, the estimate stays.
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

/** A token bucket: what may be spent by the minute, evenly. */

/** So much of a minute's worth can be spent at once after a rest, in milliseconds. */
export const BURST_MS = 1_000;

const MINUTE_MS = 60_000;

/** What can be spent, and since when. Below 0, it is spent already by those who wait. */
export type TokenBucket = Readonly<{ perMs: number; capacity: number; level: number; atMs: number }>;

/** A full bucket. */
export function fullBucket(perMinute: number, nowMs: number): TokenBucket {
  const perMs = perMinute / MINUTE_MS;
  const capacity = Math.max(1, perMs * BURST_MS);
  return { perMs, capacity, level: capacity, atMs: nowMs };
}

/**
 * Spends an amount, and says how long to wait before it counts as there. An amount that the bucket never holds goes when
 * the bucket is full, and those after it wait the longer.
 *
 * @param bucket The bucket.
 * @param amount How much.
 * @param nowMs Now; a clock that was set back fills nothing.
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

/** Puts back what was not spent after all; a negative amount is taken out. */
export function putBack(bucket: TokenBucket, amount: number): TokenBucket {
  return { ...bucket, level: Math.min(bucket.capacity, bucket.level + amount) };
}
