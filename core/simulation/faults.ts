/**
 * The faults of a simulation, and the reactions of the engine. Both are counted, to show what a simulation
 * tested.
 */
import { type Draw, openDraw } from "../random/mod.ts";

/**
 * For each fault, the highest probability that it happens at a possible moment. Each seed draws which faults
 * happen, and how often. Runs with few faults last longer, and find different bugs.
 */
export const FAULT_RATES_MAX = {
  /** The process dies before a step. Everything that it wrote stays. */
  kill: 0.05,
  /** The machine dies before a step. Of the writes that were not synced, only the first bytes stay. */
  "power-cut": 0.05,
  /** A process dies during a write. Some of the bytes are written. */
  "torn-write": 1,
  /** Before a step, the user asks the program to end gracefully. */
  stop: 0.01,
  /** Before a step, the user aborts the requests in flight. */
  abort: 0.01,
  "clock-forwards": 0.03,
  "clock-backwards": 0.03,
  "slow-sync": 0.2,
  "failed-sync": 0.05,
  /** From now until the process ends, every write stops at some byte. */
  "full-disk": 0.02,
  /**
   * From now until the process ends, the bytes of a failed append cannot be removed. Its stream takes no more
   * lines.
   */
  "failed-cut-back": 0.3,
  "failed-read": 0.02,
  "time-out": 0.08,
  "refused-connection": 0.08,
  "too-many-requests": 0.08,
  "retry-after": 0.08,
  /** The server asks for a longer wait than the engine allows. */
  "long-retry-after": 0.03,
  "server-error": 0.08,
  /** The server answers with a success status, but with an error in the body. */
  "error-in-reply": 0.05,
  /** The server sends a truncated or malformed body. Adapters report it as `malformed-reply`. */
  "malformed-body": 0.08,
  "refused-key": 0.03,
  "refused-request": 0.02,
  /** The adapter throws an error that is not a `ModelError`. */
  "broken-adapter": 0.02,
  /** The adapter returns something that is not a reply. */
  "not-a-reply": 0.05,
  /** The answer arrives after the request timed out or was aborted. */
  "late-answer": 0.3,
  /** The adapter does not answer, and ignores its signal. Only in worlds with a watchdog. */
  "deaf-adapter": 0.05,
  /**
   * Until all faults end, a server takes only a few requests a minute. It refuses the others, and states a
   * wait.
   */
  "rate-window": 0.01,
  /** As `rate-window`, but the server states no wait. */
  "silent-rate-window": 0.01,
  /** Until all faults end, a server refuses every request. */
  "refused-model": 0.01,
  /** Until the process ends, a log has disappeared. */
  "vanished-log": 0.01,
  /** Until the process ends, the run's folder has disappeared. */
  "vanished-folder": 0.003,
  /** For some time, every request fails. */
  "server-down": 0.03,
  /** Until all faults end, every request fails. */
  "server-gone": 0.008,
} as const;

/** The name of a fault. */
export type Fault = keyof typeof FAULT_RATES_MAX;

/** Every fault's name. */
export const FAULTS: readonly Fault[] = Object.keys(FAULT_RATES_MAX) as Fault[];

/** How often each fault happened. */
export type FaultCounts = Readonly<Record<Fault, number>>;

/** Decides when faults happen. */
export class Weather {
  /** Draws all other random decisions, such as where a write is torn and how long an answer takes. */
  readonly draw: Draw;
  /** How often each fault has happened. */
  readonly counts: Record<Fault, number>;
  readonly #rates: Record<Fault, number>;
  #isCalm = false;

  /** Draws which faults happen, and how often. */
  constructor(seed: string) {
    this.draw = openDraw(seed, "weather");
    this.counts = Object.fromEntries(FAULTS.map((fault) => [fault, 0])) as Record<Fault, number>;
    const rates = FAULTS.map((fault) => [
      fault,
      this.draw.below(2) === 0 ? 0 : FAULT_RATES_MAX[fault] * this.draw.uniform(),
    ]);
    this.#rates = Object.fromEntries(rates);
  }

  /** Decides whether a fault happens now, and counts it. */
  strikes(fault: Fault): boolean {
    if (this.#isCalm || this.draw.uniform() >= this.#rates[fault]) return false;
    this.counts[fault]++;
    return true;
  }

  /** Whether all faults have ended. */
  get isCalm(): boolean {
    return this.#isCalm;
  }

  /** Ends all faults. */
  calm(): void {
    this.#isCalm = true;
  }

  /** A whole number from `min` to `max`. */
  between(min: number, max: number): number {
    return min + this.draw.below(max - min + 1);
  }
}

/** Every reaction. */
export const REACTIONS = [
  /** A model is paused. */
  "paused",
  /** A model is paused because it takes no more requests. */
  "rate-limited",
  /** A paused model answers again. */
  "resumed",
  /** A request is sent to a paused model. */
  "probe",
  /** Discussions of a failed model are skipped, while others continue. */
  "left",
  /** The program ends, because a model was paused for too long. */
  "gave-up",
  /** The watchdog aborts a request to an adapter that ignores its signal. */
  "given-up-request",
  /** The program stops at a limit. */
  "stopped-by-cost",
  "stopped-by-tokens",
  "stopped-by-failures",
  "stopped-by-deadline",
] as const;

/** The name of a reaction. */
export type Reaction = typeof REACTIONS[number];

/** How often each reaction happened. */
export type ReactionCounts = Readonly<Record<Reaction, number>>;
