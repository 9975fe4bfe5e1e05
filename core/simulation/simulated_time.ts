import type { Clock } from "../ports/clock.ts";
import type { Weather } from "./faults.ts";

/** Simulated time: nothing happens in it but what was scheduled, one thing after the other. */

/** Takes something off the schedule; after it has happened, nothing comes of it. */
export type Cancel = () => void;

type Scheduled = Readonly<{ atMs: number; nth: number; happen: () => void; isAwaited: boolean }>;

/** What is to happen, and when. Times are those of a clock that never jumps. */
export class Scheduler {
  readonly #pending = new Set<Scheduled>();
  #nowMs = 0;
  #scheduled = 0;
  #steps = 0;

  /** Time since the beginning, in milliseconds. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** How many things have happened. */
  get steps(): number {
    return this.#steps;
  }

  /** How many things somebody waits for. */
  get awaited(): number {
    let count = 0;
    for (const { isAwaited } of this.#pending) if (isAwaited) count++;
    return count;
  }

  /**
   * Lets something happen later.
   *
   * @param ms After how long, in milliseconds.
   * @param happen What happens.
   * @param isAwaited Whether a process waits for it; that is not so of what nobody expects any more.
   */
  after(ms: number, happen: () => void, isAwaited = true): Cancel {
    const scheduled = { atMs: this.#nowMs + ms, nth: this.#scheduled++, happen, isAwaited };
    this.#pending.add(scheduled);
    return () => this.#pending.delete(scheduled);
  }

  /** Lets the next thing happen; `false` when there is nothing. */
  step(): boolean {
    let next: Scheduled | null = null;
    for (const scheduled of this.#pending) {
      if (next === null || isBefore(scheduled, next)) next = scheduled;
    }
    if (next === null) return false;
    this.#pending.delete(next);
    this.#nowMs = next.atMs;
    this.#steps++;
    next.happen();
    return true;
  }

  /** The process has died: nothing of what it waited for reaches it any more. */
  clear(): void {
    this.#pending.clear();
  }
}

function isBefore(one: Scheduled, other: Scheduled): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.nth < other.nth);
}

/**
 * The clock of a simulation.
 *
 * Legal faults: the time of day jumps forwards or backwards by up to a year between any two steps. Waits are as long as
 * they were to be, whatever the time of day does, as those of operating systems are.
 */

const YEAR_MS = 365 * 24 * 3600 * 1000;
const BEGIN_MS = Date.UTC(2026, 0, 1);

/** A clock that can jump. */
export interface SimulatedClock extends Clock {
  /** Lets the time of day jump, where the weather is such. */
  mayJump(): void;
}

/** Makes a clock that goes on across the deaths of processes. */
export function simulatedClock(scheduler: Scheduler, weather: Weather): SimulatedClock {
  let offsetMs = BEGIN_MS;
  return {
    now: () => scheduler.nowMs + offsetMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const give = () => {
          cancel();
          reject(signal!.reason);
        };
        const cancel = scheduler.after(ms, () => {
          signal?.removeEventListener("abort", give);
          resolve();
        });
        signal?.addEventListener("abort", give, { once: true });
      }),
    mayJump() {
      if (weather.strikes("clock-forwards")) offsetMs += weather.between(1, YEAR_MS);
      if (weather.strikes("clock-backwards")) offsetMs -= weather.between(1, YEAR_MS);
    },
  };
}
