/** A limit on requests and tokens by the minute. */
import type { Clock } from "../ports/clock.ts";
import type { ModelReply, ModelRequest } from "../ports/model.ts";
import { fullBucket, putBack, spend, type TokenBucket } from "./token_bucket.ts";

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
