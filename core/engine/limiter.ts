import type { WaitSignals } from "./waits.ts";
import { ADAPTIVE_START } from "./limits.ts";

/** A limit on how many requests are in flight at once. */

/** Hands out a bounded number of slots, first come, first served. */
export class Limiter {
  /** The line of those who want more than a slot. */
  readonly line = new Line();
  #limit: number;
  #held = 0;
  readonly #waiting: (() => void)[] = [];

  /**
   * Makes a limit with all slots free.
   *
   * @param slots How many may be held at once; at least 1.
   */
  constructor(slots: number) {
    this.#limit = checked(slots);
  }

  /** How many slots may be held at once. */
  get limit(): number {
    return this.#limit;
  }

  /** How many slots are held. */
  get held(): number {
    return this.#held;
  }

  /** Whether a further slot must be waited for. */
  get isFull(): boolean {
    return this.#held >= this.#limit;
  }

  /** Resolves when the caller holds a slot; `null` when it holds it at once. Every slot must be given back. */
  acquire(): Promise<void> | null {
    if (this.#held < this.#limit) {
      this.#held++;
      return null;
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Gives a slot back; whoever waits longest gets it. */
  release(): void {
    this.#held--;
    this.#handOut();
  }

  /**
   * Changes how many slots there are. Those that are held above a smaller number are not taken away, but not handed out
   * again.
   *
   * @param slots At least 1.
   */
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

/** The line of requests before a model: the first one alone watches for its turn, so that nothing else is woken in vain. */

/** Serves first come, first served. */
export class Line {
  #hasFirst = false;
  readonly #behind = new Set<() => void>();

  /** Whether the next one to join is first at once. */
  get isEmpty(): boolean {
    return !this.#hasFirst;
  }

  /**
   * Resolves when the caller is first; it must leave then. `null` when it is first at once.
   *
   * @throws The reason of the signal that ended the wait; there is nothing to leave then.
   */
  join({ signal, stop }: WaitSignals): Promise<void> | null {
    if (!this.#hasFirst) {
      this.#hasFirst = true;
      return null;
    }
    return new Promise((resolve, reject) => {
      const ending = AbortSignal.any([signal, stop]);
      const settle = (act: () => void) => () => {
        this.#behind.delete(becomeFirst);
        ending.removeEventListener("abort", giveUp);
        act();
      };
      const becomeFirst = settle(resolve);
      const giveUp = settle(() => reject(ending.reason));
      if (ending.aborted) return giveUp();
      this.#behind.add(becomeFirst);
      ending.addEventListener("abort", giveUp, { once: true });
    });
  }

  /** The first one leaves; the next one is first. */
  leave(): void {
    const [next] = this.#behind;
    if (next === undefined) this.#hasFirst = false;
    else next();
  }
}

/** How many requests a model bears at once, found out by asking: more while it keeps up, half when it does not. */

/** A round's latency may be so many times the best one, which grows with the requests, before the limit stops growing. */
export const LATENCY_TOLERANCE = 2.5;

/** The best latency is forgotten by so much a round: prompts grow longer as discussions go on. */
export const BEST_LATENCY_DRIFT = 1.02;

/** Once the limit has fallen, it grows by this share of its maximum a round. */
export const GROWTH_SHARE = 1 / 16;

/** What is known of how much a model bears. */
export type AdaptiveState = Readonly<{
  /** The limit never exceeds this. */
  max: number;
  limit: number;
  /** Below it, the limit doubles every round; it is where the limit fell to last. */
  threshold: number;
  /** Attempts before this one began before the limit fell last: that they fail, too, is no news. */
  newsFrom: number;
  /** The mean latency of the best round, in milliseconds; `null` before the first has ended. */
  bestMs: number | null;
  /** The round so far: as many answers as the limit make one. */
  round: Readonly<{ answers: number; latencyMs: number; busiest: number }>;
}>;

/** What became of an attempt. */
export type AttemptResult =
  /** `held`: slots that were held when the answer came. */
  | Readonly<{ kind: "answered"; latencyMs: number; held: number }>
  /** The attempt failed in a way that too many requests at once bring about; `begun`: attempts that began so far. */
  | Readonly<{ kind: "overloaded"; attempt: number; begun: number }>;

const NEW_ROUND: AdaptiveState["round"] = { answers: 0, latencyMs: 0, busiest: 0 };

/** The state before any attempt. */
export function adaptiveStart(max: number): AdaptiveState {
  const limit = Math.min(max, ADAPTIVE_START);
  return { max, limit, threshold: max, newsFrom: 0, bestMs: null, round: NEW_ROUND };
}

/** The state after an attempt. */
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
  // A limit that nobody came up to has not been tried.
  const bears = busiest >= state.limit && meanMs <= bestMs * LATENCY_TOLERANCE;
  return { ...state, limit: bears ? grown(state) : state.limit, bestMs, round: NEW_ROUND };
}

function grown({ limit, threshold, max }: AdaptiveState): number {
  const next = limit < threshold
    ? Math.min(limit * 2, threshold)
    : limit + Math.max(1, Math.round(max * GROWTH_SHARE));
  return Math.min(next, max);
}

/** Keeps a limiter at what the model bears. */
export class AdaptiveLimit {
  readonly #limiter: Limiter;
  #state: AdaptiveState;
  #begun = 0;

  /**
   * Begins with few slots.
   *
   * @param limiter What is adapted.
   * @param max Slots at most.
   */
  constructor(limiter: Limiter, max: number) {
    this.#limiter = limiter;
    this.#state = adaptiveStart(max);
    limiter.resize(this.#state.limit);
  }

  /** An attempt begins; what it is called when it ends. */
  began(): number {
    return this.#begun++;
  }

  /** An attempt was answered, after so many milliseconds; its slot is still held. */
  answered(latencyMs: number): void {
    this.#become(adapt(this.#state, { kind: "answered", latencyMs, held: this.#limiter.held }));
  }

  /** An attempt failed as if there were too many. */
  overloaded(attempt: number): void {
    this.#become(adapt(this.#state, { kind: "overloaded", attempt, begun: this.#begun }));
  }

  #become(state: AdaptiveState): void {
    if (state.limit !== this.#state.limit) this.#limiter.resize(state.limit);
    this.#state = state;
  }
}
