/** The line of requests before a model: the first one alone watches for its turn, so that nothing else is woken in vain. */
import type { WaitSignals } from "./waits.ts";

/** Serves first come, first served. */
export class Line {
  #hasFirst = false;
  readonly #behind = new Set<() => void>();

  /** Whether the next one to join is first at once. */
  get isEmpty(): boolean {
    return !this.#hasFirst;
  }

  /**
   * Resolves when the caller is first; it must leave then. `null` when it is first at once.
   *
   * @throws The reason of the signal that ended the wait; there is nothing to leave then.
   */
  join({ signal, stop }: WaitSignals): Promise<void> | null {
    if (!this.#hasFirst) {
      this.#hasFirst = true;
      return null;
    }
    return new Promise((resolve, reject) => {
      const ending = AbortSignal.any([signal, stop]);
      const settle = (act: () => void) => () => {
        this.#behind.delete(becomeFirst);
        ending.removeEventListener("abort", giveUp);
        act();
      };
      const becomeFirst = settle(resolve);
      const giveUp = settle(() => reject(ending.reason));
      if (ending.aborted) return giveUp();
      this.#behind.add(becomeFirst);
      ending.addEventListener("abort", giveUp, { once: true });
    });
  }

  /** The first one leaves; the next one is first. */
  leave(): void {
    const [next] = this.#behind;
    if (next === undefined) this.#hasFirst = false;
    else next();
  }
}
