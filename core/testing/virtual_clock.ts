/** A clock for tests of many that wait at the same time. */
import { setImmediate } from "node:timers";
import type { Clock } from "../ports/mod.ts";

/** A clock whose waits end in the order of their times, without taking any. */
export interface VirtualClock extends Clock {
  /** Lets time pass until something is done, whenever nothing else can happen. */
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
        if (first === undefined) throw new Error("Nothing is waited for that time could bring");
        const next = others.reduce((one, other) => other.atMs < one.atMs ? other : one, first);
        waiting.delete(next);
        nowMs = next.atMs;
        next.wake();
      }
    },
  };
}
