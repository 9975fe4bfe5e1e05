/** Adapts the number of requests in flight to what a model can take. */
import type { Limiter } from "./limiter.ts";
import { ADAPTIVE_START } from "./limits.ts";

/** The limit grows while latency is at most this many times the best latency. */
const LATENCY_TOLERANCE = 2.5;

/** The best latency grows by this factor in each round, because prompts become longer during a discussion. */
const BEST_LATENCY_DRIFT = 1.02;

/** After its first fall, the limit grows by this share of its maximum in each round. */
const GROWTH_SHARE = 1 / 16;

/** What was learned so far. */
export type AdaptiveState = Readonly<{
  max: number;
  limit: number;
  /**
   * Below this value, the limit doubles in each round. It is the limit after the last fall, or `max` before
   * any fall.
   */
  threshold: number;
  /**
   * Attempts with a lower number than this began before the limit fell. If they fail, the limit does not fall
   * again.
   */
  newsFrom: number;
  /** The mean latency of the best round, in milliseconds; `null` before the first round has ended. */
  bestMs: number | null;
  /** The current round. It ends after as many answers as the limit. */
  round: Readonly<{ answers: number; latencyMs: number; busiest: number }>;
}>;

/** The result of an attempt. */
export type AttemptResult =
  /** `held`: how many slots were taken when the answer came. */
  | Readonly<{ kind: "answered"; latencyMs: number; held: number }>
  /**
   * The attempt failed, perhaps because too many requests were in flight. `begun`: how many attempts have
   * begun.
   */
  | Readonly<{ kind: "overloaded"; attempt: number; begun: number }>;

const NEW_ROUND: AdaptiveState["round"] = { answers: 0, latencyMs: 0, busiest: 0 };

/** The state before the first attempt. */
export function adaptiveStart(max: number): AdaptiveState {
  const limit = Math.min(max, ADAPTIVE_START);
  return { max, limit, threshold: max, newsFrom: 0, bestMs: null, round: NEW_ROUND };
}

/** Learns from an attempt. */
export function adapt(state: AdaptiveState, result: AttemptResult): AdaptiveState {
  if (result.kind === "overloaded") {
    if (result.attempt < state.newsFrom) return state;
    const limit = Math.max(1, Math.floor(state.limit / 2));
    return { ...state, limit, threshold: limit, newsFrom: result.begun, round: NEW_ROUND };
  }
  return adaptToAnswers(state, { answers: 1, latencyMs: result.latencyMs, held: result.held });
}

/**
 * Learns from several answers in one call. `latencyMs` is the sum of their latencies, `held` the highest
 * number of slots that were taken.
 */
export function adaptToAnswers(
  state: AdaptiveState,
  news: Readonly<{ answers: number; latencyMs: number; held: number }>,
): AdaptiveState {
  const answers = state.round.answers + news.answers;
  const latencyMs = state.round.latencyMs + news.latencyMs;
  const busiest = Math.max(state.round.busiest, news.held);
  if (answers < state.limit) return { ...state, round: { answers, latencyMs, busiest } };
  const meanMs = latencyMs / answers;
  const bestMs = state.bestMs === null ? meanMs : Math.min(meanMs, state.bestMs * BEST_LATENCY_DRIFT);
  // If the limit was not reached, the round does not show whether the model can take more.
  const keepsUp = busiest >= state.limit && meanMs <= bestMs * LATENCY_TOLERANCE;
  return { ...state, limit: keepsUp ? grown(state) : state.limit, bestMs, round: NEW_ROUND };
}

function grown({ limit, threshold, max }: AdaptiveState): number {
  const next = limit < threshold
    ? Math.min(limit * 2, threshold)
    : limit + Math.max(1, Math.round(max * GROWTH_SHARE));
  return Math.min(next, max);
}

/** Learns from attempts how many requests a model can take. */
export interface CapacityLearner {
  /** An attempt begins. Returns its number. */
  began(): number;
  /** An attempt was answered after this many milliseconds. Its slot is still taken. */
  answered(latencyMs: number): void;
  /** An attempt failed, perhaps because too many requests were in flight. */
  overloaded(attempt: number): void;
}

/**
 * Adapts a limiter: adds slots while the answers are fast, and halves the slots when the model is overloaded.
 */
export class AdaptiveLimit implements CapacityLearner {
  readonly #limiter: Limiter;
  #state: AdaptiveState;
  #begun = 0;

  /** Starts the limiter with few slots, and never gives it more than `max`. */
  constructor(limiter: Limiter, max: number) {
    this.#limiter = limiter;
    this.#state = adaptiveStart(max);
    limiter.resize(this.#state.limit);
  }

  /** See `CapacityLearner`. */
  began(): number {
    return this.#begun++;
  }

  /** See `CapacityLearner`. */
  answered(latencyMs: number): void {
    this.#set(adapt(this.#state, { kind: "answered", latencyMs, held: this.#limiter.held }));
  }

  /** See `CapacityLearner`. */
  overloaded(attempt: number): void {
    this.#set(adapt(this.#state, { kind: "overloaded", attempt, begun: this.#begun }));
  }

  #set(state: AdaptiveState): void {
    if (state.limit !== this.#state.limit) this.#limiter.resize(state.limit);
    this.#state = state;
  }
}
