/** What waits for a model have in common. */
import type { Clock } from "../ports/clock.ts";

/** Signals that end waits: the first gives the request up, the second only keeps it from being sent. */
export type WaitSignals = Readonly<{ signal: AbortSignal; stop: AbortSignal }>;

/** A place among the discussions that are worked on at the same time. */
export type Place = {
  /** Whether the discussion has its place. */
  readonly isHeld: boolean;
  /** Leaves the place to others while the discussion waits. */
  leave(): void;
  /** Resolves when there is a place again; `null` when there is one at once. */
  back(): Promise<void> | null;
};

/** The place of a discussion that is worked on alone: nobody else wants it. */
export const OWN_PLACE: Place = { isHeld: true, leave() {}, back: () => null };

/** Waits; `false` when it was stopped meanwhile. */
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

/** Something that can change, and that can be waited for. */
export class Change {
  #next = new AbortController();

  /** Aborted at the next change. */
  get signal(): AbortSignal {
    return this.#next.signal;
  }

  /** Tells that it has changed. */
  tell(): void {
    this.#next.abort();
    this.#next = new AbortController();
  }

  /**
   * Resolves at the next change.
   *
   * @throws The reason of the signal that ended the wait.
   */
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
