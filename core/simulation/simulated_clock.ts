/**
 * The clock of a simulation.
 *
 * Legal faults: the time of day jumps forwards or backwards by up to a year between any two steps. Waits are as long as
 * they were to be, whatever the time of day does, as those of operating systems are.
 */
import type { Clock } from "../ports/clock.ts";
import type { Weather } from "./faults.ts";
import type { Scheduler } from "./scheduler.ts";

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
