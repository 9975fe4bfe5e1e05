/** A clock for tests of waits. */
import type { Clock } from "../ports/mod.ts";

/** A clock that does not wait, but moves on by as much as it was to wait, and keeps how much that was. */
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
