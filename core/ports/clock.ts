/** The port of time. */

/** Time, as the engine sees it. */
export interface Clock {
  /** Now, in milliseconds since 1970-01-01 UTC. */
  now(): number;
  /**
   * Waits.
   *
   * @param ms How long, in milliseconds.
   * @param signal Ends the wait early; the promise then rejects with the signal's reason.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A clock for tests. It always shows the same time, and its waits end immediately. */
export function fixedClock(nowMs = Date.UTC(2026, 0, 1)): Clock {
  return {
    now: () => nowMs,
    sleep: (_ms, signal) => signal?.aborted ? Promise.reject(signal.reason) : Promise.resolve(),
  };
}
