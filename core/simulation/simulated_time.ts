/**
 * Simulated time: scheduled steps happen one after the other, and a clock shows the time of the last step.
 *
 * Legal faults: between any two steps, the time of day jumps forwards or backwards by up to a year. This does
 * not change the length of waits, as on real systems.
 */
import type { Clock } from "../ports/clock.ts";
import type { Weather } from "./faults.ts";

/** Removes a step from the schedule. */
export type Cancel = () => void;

type Scheduled = Readonly<{ atMs: number; nth: number; happen: () => void; isAwaited: boolean }>;

/** The scheduled steps, as a binary heap with the earliest step first. So a schedule can have many steps. */
class StepHeap {
  readonly #steps: Scheduled[] = [];

  push(step: Scheduled): void {
    let at = this.#steps.push(step) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(step, this.#steps[above]!)) break;
      this.#steps[at] = this.#steps[above]!;
      at = above;
    }
    this.#steps[at] = step;
  }

  pop(): Scheduled | undefined {
    const [first] = this.#steps;
    const last = this.#steps.pop();
    if (this.#steps.length === 0 || last === undefined) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      const [left, right] = [this.#steps[below], this.#steps[below + 1]];
      if (left === undefined) break;
      if (right !== undefined && isBefore(right, left)) below++;
      if (!isBefore(this.#steps[below]!, last)) break;
      this.#steps[at] = this.#steps[below]!;
      at = below;
    }
    this.#steps[at] = last;
    return first;
  }
}

/** The schedule. Its time never jumps. */
export class Scheduler {
  readonly #pending = new Set<Scheduled>();
  /** All scheduled steps, in the order of their times. It can contain steps that were cancelled. */
  #heap = new StepHeap();
  #nowMs = 0;
  #scheduled = 0;
  #steps = 0;

  /** Time since the beginning, in milliseconds. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** How many steps have happened. */
  get steps(): number {
    return this.#steps;
  }

  /** How many scheduled steps a process waits for. */
  get awaited(): number {
    let count = 0;
    for (const { isAwaited } of this.#pending) if (isAwaited) count++;
    return count;
  }

  /**
   * Schedules a step.
   *
   * @param isAwaited Whether a process waits for the step. For a late answer, no process waits.
   */
  after(ms: number, happen: () => void, isAwaited = true): Cancel {
    const scheduled = { atMs: this.#nowMs + ms, nth: this.#scheduled++, happen, isAwaited };
    this.#pending.add(scheduled);
    this.#heap.push(scheduled);
    return () => this.#pending.delete(scheduled);
  }

  /** Runs the next step. Returns `false` if there is none. */
  step(): boolean {
    let next = this.#heap.pop();
    while (next !== undefined && !this.#pending.delete(next)) next = this.#heap.pop();
    if (next === undefined) return false;
    this.#nowMs = next.atMs;
    this.#steps++;
    next.happen();
    return true;
  }

  /** Drops all steps. Called when the process has died. */
  clear(): void {
    this.#pending.clear();
    this.#heap = new StepHeap();
  }
}

function isBefore(one: Scheduled, other: Scheduled): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.nth < other.nth);
}

const YEAR_MS = 365 * 24 * 3600 * 1000;
const BEGIN_MS = Date.UTC(2026, 0, 1);

/** A clock that can jump. */
export interface SimulatedClock extends Clock {
  /** If the weather decides so, the time of day jumps now. */
  mayJump(): void;
}

/** Makes the clock of the machine, which continues when a process dies. */
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
