/** Clocks for tests of waits. */
import type { Clock } from "../ports/mod.ts";
import { setImmediate } from "node:timers";

/** A clock whose waits take no real time. Each wait moves the clock forward, and is recorded. */
export interface RecordingClock extends Clock {
  /** Every wait so far, in milliseconds. */
  readonly waitsMs: readonly number[];
  /** Lets time pass. */
  pass(ms: number): void;
}

/** Makes a clock that begins at 0. */
export function recordingClock(): RecordingClock {
  const waitsMs: number[] = [];
  let nowMs = 0;
  return {
    waitsMs,
    now: () => nowMs,
    pass(ms) {
      nowMs += ms;
    },
    sleep(ms, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      waitsMs.push(ms);
      nowMs += ms;
      return Promise.resolve();
    },
  };
}

/** A clock that ends waits in the order of their times. The waits take no real time. */
export interface VirtualClock extends Clock {
  /**
   * Runs until the promise settles. If nothing else can happen, the time moves forward to the end of the next
   * wait.
   */
  until<T>(done: Promise<T>): Promise<T>;
}

type Waiting = Readonly<{ atMs: number; wake: () => void }>;

/** Makes a clock that begins at 0. */
export function virtualClock(): VirtualClock {
  const waiting = new Set<Waiting>();
  let nowMs = 0;
  return {
    now: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const giveUp = () => {
          waiting.delete(wait);
          reject(signal!.reason);
        };
        const wake = () => {
          signal?.removeEventListener("abort", giveUp);
          resolve();
        };
        const wait: Waiting = { atMs: nowMs + ms, wake };
        waiting.add(wait);
        signal?.addEventListener("abort", giveUp, { once: true });
      }),
    async until(done) {
      let isDone = false;
      const end = () => void (isDone = true);
      done.then(end, end);
      for (;;) {
        await new Promise<void>((resolve) => setImmediate(resolve));
        if (isDone) return await done;
        const [first, ...others] = waiting;
        if (first === undefined) throw new Error("No wait is left, and the promise is still pending");
        const next = others.reduce((one, other) => other.atMs < one.atMs ? other : one, first);
        waiting.delete(next);
        nowMs = next.atMs;
        next.wake();
      }
    },
  };
}
