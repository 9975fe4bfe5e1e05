/** The life of one process: what happens in it, one thing after the other, and how long it may go on. */
import type { Weather } from "./faults.ts";
import { BrokenPromise } from "./ledger.ts";
import type { Scheduler, SimulatedClock } from "./simulated_time.ts";

/** More steps than this in one process are a program that does not end. */
const STEPS_MAX = 20_000;

/** So is more simulated time: all attempts of all requests, with all their waits, take a few hours. */
const PROCESS_MS_MAX = 24 * 3_600_000;

/** And more than this once it was told to end: what is in flight may still end, and be written to a slow disk. */
const ENDING_MS_MAX = 3_600_000;

/** How a process dies. */
export type Death = "kill" | "power-cut";

/** What a process lives in, and how it is seen from outside. */
export type Life = Readonly<{
  scheduler: Scheduler;
  weather: Weather;
  clock: SimulatedClock;
  settle: () => Promise<void>;
  hasEnded: () => boolean;
  /** Whether it was told to end. */
  isEnding: () => boolean;
  /** How the user tells it so. */
  stop: AbortController;
  abort: AbortController;
  /** Things that can be waited for at a time, at most. */
  awaitedMax: number;
  /** What must never happen, and has happened in it. */
  breach: () => string | null;
}>;

/**
 * Lets things happen until the process has ended, or has died of something.
 *
 * @param life What it lives in.
 * @returns What it has died of; `null` when it has ended.
 * @throws {BrokenPromise} When it does not end, or does what must never happen.
 */
export async function live(life: Life): Promise<Death | null> {
  const { scheduler, weather, clock, settle, stop, abort } = life;
  const endMs = scheduler.nowMs + PROCESS_MS_MAX;
  let endingMs = Infinity;
  for (let steps = 0;; steps++) {
    await settle();
    const breach = life.breach();
    if (breach !== null) throw new BrokenPromise(breach);
    if (life.hasEnded()) return null;
    if (life.isEnding()) endingMs = Math.min(endingMs, scheduler.nowMs + ENDING_MS_MAX);
    if (steps > STEPS_MAX) throw new BrokenPromise(`the program does not end: it took ${STEPS_MAX} steps`);
    if (scheduler.nowMs > endMs) throw new BrokenPromise("the program does not end: it took a day");
    if (scheduler.nowMs > endingMs) throw new BrokenPromise("the program was told to end an hour ago");
    if (scheduler.awaited > life.awaitedMax) {
      throw new BrokenPromise(`more than ${life.awaitedMax} things are under way, of which each has its own`);
    }
    if (weather.strikes("kill")) return "kill";
    if (weather.strikes("power-cut")) return "power-cut";
    clock.mayJump();
    const signal = weather.strikes("stop") ? stop : weather.strikes("abort") ? abort : null;
    if (signal !== null && !signal.signal.aborted) {
      signal.abort();
      continue;
    }
    if (!scheduler.step()) {
      throw new BrokenPromise("the program hangs: it waits for nothing that can happen");
    }
  }
}
