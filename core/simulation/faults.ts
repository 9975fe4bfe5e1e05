import { type Draw, openDraw } from "../random/mod.ts";

/** What can go wrong in a simulation, how often it does, and how often it did. */

/**
 * Every fault, by what it happens to, with the highest share of occasions at which it happens. Which of them happen at
 * all, and how often, differs from seed to seed: a run that never gets far finds other bugs than one that does.
 */
export const FAULT_RATES_MAX = {
  /** Before any step: the process dies; what it wrote stays. */
  kill: 0.05,
  /** Before any step: the machine dies; of what was not synced, only a beginning stays. */
  "power-cut": 0.05,
  /** A process that dies while it writes has written a part of the bytes. */
  "torn-write": 1,
  /** Before any step: the user asks for a graceful end. */
  stop: 0.01,
  /** Before any step: the user gives up what is in flight. */
  abort: 0.01,
  "clock-forwards": 0.03,
  "clock-backwards": 0.03,
  "slow-sync": 0.2,
  "failed-sync": 0.05,
  /** From here on, until the process ends, every write stops at some byte. */
  "full-disk": 0.02,
  /** What a failed append wrote can neither be taken away nor added to, until the process ends. */
  "failed-cut-back": 0.3,
  "failed-read": 0.02,
  "time-out": 0.08,
  "refused-connection": 0.08,
  "too-many-requests": 0.08,
  "retry-after": 0.08,
  /** The server asks for more patience than the engine has. */
  "long-retry-after": 0.03,
  "server-error": 0.08,
  /** A status that says that all is well, and an error in the body. */
  "error-in-reply": 0.05,
  /** Truncated and malformed bodies: what adapters report as `malformed-reply`. */
  "malformed-body": 0.08,
  "refused-key": 0.03,
  "refused-request": 0.02,
  /** The adapter breaks, with an error of its own. */
  "broken-adapter": 0.02,
  /** The adapter answers with something that is no reply. */
  "not-a-reply": 0.05,
  /** The answer arrives after the request timed out or was given up. */
  "late-answer": 0.3,
  /** The adapter neither answers nor heeds its signal; only where requests are watched over, or nothing could help. */
  "deaf-adapter": 0.05,
  /** From here on, until all faults end, a server takes only a few requests of each minute, and says when it takes more. */
  "rate-window": 0.01,
  /** The same, but it does not say when. */
  "silent-rate-window": 0.01,
  /** From here on, until all faults end, a server refuses every request. */
  "refused-model": 0.01,
  /** From here on, until the process ends, a log is not where it was. */
  "vanished-log": 0.01,
  /** From here on, until the process ends, the run's folder is not where it was. */
  "vanished-folder": 0.003,
  /** From here on, for a while, every request fails. */
  "server-down": 0.03,
  /** From here on, until all faults end, every request fails. */
  "server-gone": 0.008,
} as const;

/** The name of a fault. */
export type Fault = keyof typeof FAULT_RATES_MAX;

/** Every fault's name. */
export const FAULTS: readonly Fault[] = Object.keys(FAULT_RATES_MAX) as Fault[];

/** How often each fault happened. */
export type FaultCounts = Readonly<Record<Fault, number>>;

/** Decides about faults. */
export class Weather {
  /** All further chance of the simulation: where a write is torn, how long an answer takes. */
  readonly draw: Draw;
  /** How often each fault happened so far. */
  readonly counts: Record<Fault, number>;
  readonly #rates: Record<Fault, number>;
  #isCalm = false;

  /**
   * Draws which faults happen, and how often.
   *
   * @param seed The simulation's seed.
   */
  constructor(seed: string) {
    this.draw = openDraw(seed, "weather");
    this.counts = Object.fromEntries(FAULTS.map((fault) => [fault, 0])) as Record<Fault, number>;
    const rates = FAULTS.map((fault) => [
      fault,
      this.draw.below(2) === 0 ? 0 : FAULT_RATES_MAX[fault] * this.draw.uniform(),
    ]);
    this.#rates = Object.fromEntries(rates);
  }

  /** Whether the fault happens now; it is counted then. */
  strikes(fault: Fault): boolean {
    if (this.#isCalm || this.draw.uniform() >= this.#rates[fault]) return false;
    this.counts[fault]++;
    return true;
  }

  /** Whether all faults have ended. */
  get isCalm(): boolean {
    return this.#isCalm;
  }

  /** Ends all faults: from here on, everything must come to its end. */
  calm(): void {
    this.#isCalm = true;
  }

  /** A whole number from `min` to `max`. */
  between(min: number, max: number): number {
    return min + this.draw.below(max - min + 1);
  }
}

/** What the engine does about faults, counted: a simulation in which it never happened has shown nothing of it. */

/** Every reaction. */
export const REACTIONS = [
  /** A model is paused. */
  "paused",
  /** A model was paused because it takes no more requests. */
  "rate-limited",
  /** It answers again. */
  "resumed",
  /** A request was sent to a model that counts as down. */
  "probe",
  /** Discussions of one model were left, and the others went on. */
  "left",
  /** A model was down for as long as anybody wanted to wait, and the program ended. */
  "gave-up",
  /** A request to an adapter that does not heed its signal was given up by the watchdog. */
  "given-up-request",
  /** The program ended at a bound. */
  "stopped-by-cost",
  "stopped-by-tokens",
  "stopped-by-failures",
  "stopped-by-deadline",
] as const;

/** The name of a reaction. */
export type Reaction = typeof REACTIONS[number];

/** How often each reaction happened. */
export type ReactionCounts = Readonly<Record<Reaction, number>>;
