/** A limit on how many requests are in flight at once. */

/** Hands out a bounded number of slots, first come, first served. */
export class Limiter {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /**
   * Makes a limit with all slots free.
   *
   * @param slots How many may be held at once; at least 1.
   */
  constructor(slots: number) {
    if (!Number.isSafeInteger(slots) || slots < 1) {
      throw new RangeError(`Cannot limit to "${slots}" requests: expected a whole number of at least 1`);
    }
    this.#free = slots;
  }

  /** Resolves when the caller holds a slot; `null` when it holds it at once. Every slot must be given back. */
  acquire(): Promise<void> | null {
    if (this.#free > 0) {
      this.#free--;
      return null;
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Gives a slot back; whoever waits longest gets it. */
  release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next();
  }
}
