/**
 * How discussions wait for a model: the signals that end a wait, and the place that a waiting discussion
 * frees.
 */
import type { Clock } from "../ports/clock.ts";

/**
 * Signals that end waits. `signal` also aborts a request in flight; `stop` only prevents further requests.
 */
export type WaitSignals = Readonly<{ signal: AbortSignal; stop: AbortSignal }>;

/**
 * A place in a run. A discussion needs a place to make progress. It frees the place while it waits for a model, so that
 * other discussions can continue.
 */
export type Place = {
  readonly isHeld: boolean;
  leave(): void;
  /**
   * Takes a place again. Returns `null` if a place is free, otherwise a promise that resolves with the place.
   */
  back(): Promise<void> | null;
};

/** The place of a discussion that runs alone. */
export const OWN_PLACE: Place = { isHeld: true, leave() {}, back: () => null };

/** A signal that is never aborted. */
export const NEVER: AbortSignal = new AbortController().signal;

/** Waits for a time in milliseconds. Returns `false` if `stop` ended the wait. */
export async function slept(
  ms: number,
  { clock, signal, stop }: WaitSignals & Readonly<{ clock: Clock }>,
): Promise<boolean> {
  try {
    await clock.sleep(ms, AbortSignal.any([signal, stop]));
    return true;
  } catch (reason) {
    if (signal.aborted || !stop.aborted) throw reason;
    return false;
  }
}

/** Lets callers wait for the next change of something. */
export class Change {
  #next = new AbortController();

  /** Aborted at the next change. */
  get signal(): AbortSignal {
    return this.#next.signal;
  }

  /** Ends all waits. */
  tell(): void {
    this.#next.abort();
    this.#next = new AbortController();
  }

  /** Resolves at the next change, or throws the reason of the signal that ended the wait. */
  wait({ signal, stop }: WaitSignals): Promise<void> {
    const changed = this.signal;
    return new Promise((resolve, reject) => {
      const any = AbortSignal.any([signal, stop, changed]);
      const end = () => changed.aborted ? resolve() : reject(any.reason);
      if (any.aborted) return end();
      any.addEventListener("abort", end, { once: true });
    });
  }
}
