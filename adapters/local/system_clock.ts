/** The clock of the machine. */
import type { Clock } from "../../core/ports/mod.ts";

/** A timer that is set to more than this, in milliseconds, ends at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** Tells the machine's time, and waits by its timers. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    let leftMs = ms;
    for (; leftMs > TIMER_MS_MAX; leftMs -= TIMER_MS_MAX) await oneTimer(TIMER_MS_MAX, signal);
    await oneTimer(leftMs, signal);
  },
};

function oneTimer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const giveUp = () => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", giveUp);
      resolve();
    }, ms);
    signal?.addEventListener("abort", giveUp, { once: true });
  });
}
