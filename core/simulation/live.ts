/** The life of one process: it runs step by step until it ends or dies. */
import type { Weather } from "./faults.ts";
import { BrokenPromise } from "./ledger.ts";
import type { Scheduler, SimulatedClock } from "./simulated_time.ts";

/** A process that takes more steps than this does not end. */
const STEPS_MAX = 20_000;

/** A process that takes longer than this does not end: all attempts of all requests take a few hours. */
const PROCESS_MS_MAX = 24 * 3_600_000;

/** A process that was told to end may take this long: requests in flight may end, and be written to a slow disk. */
const ENDING_MS_MAX = 3_600_000;

/** How a process dies. */
export type Death = "kill" | "power-cut";

/** What a process needs, and how it is observed. */
export type Life = Readonly<{
  scheduler: Scheduler;
  weather: Weather;
  clock: SimulatedClock;
  settle: () => Promise<void>;
  hasEnded: () => boolean;
  /** Whether it was told to end. */
  isEnding: () => boolean;
  stop: AbortController;
  abort: AbortController;
  /** The most steps that may be awaited at the same time. */
  awaitedMax: number;
  /** What has happened and must never happen. */
  breach: () => string | null;
}>;

/**
 * Runs a process until it ends or dies.
 *
 * @returns How it died; `null` if it ended.
 * @throws {BrokenPromise} If it does not end, or does what must never happen.
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
      throw new BrokenPromise(`more than ${life.awaitedMax} steps are awaited at the same time`);
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
