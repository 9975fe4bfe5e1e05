/** A limit on how many requests are in flight at once. */

import { Line } from "./line.ts";

/** Hands out a bounded number of slots, first come, first served. */
export class Limiter {
  /** The line of those who want more than a slot. */
  readonly line = new Line();
  #limit: number;
  #held = 0;
  readonly #waiting: (() => void)[] = [];

  /**
   * Makes a limit with all slots free.
   *
   * @param slots How many may be held at once; at least 1.
   */
  constructor(slots: number) {
    this.#limit = checked(slots);
  }

  /** How many slots may be held at once. */
  get limit(): number {
    return this.#limit;
  }

  /** How many slots are held. */
  get held(): number {
    return this.#held;
  }

  /** Whether a further slot must be waited for. */
  get isFull(): boolean {
    return this.#held >= this.#limit;
  }

  /** Resolves when the caller holds a slot; `null` when it holds it at once. Every slot must be given back. */
  acquire(): Promise<void> | null {
    if (this.#held < this.#limit) {
      this.#held++;
      return null;
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Gives a slot back; whoever waits longest gets it. */
  release(): void {
    this.#held--;
    this.#handOut();
  }

  /**
   * Changes how many slots there are. Those that are held above a smaller number are not taken away, but not handed out
   * again.
   *
   * @param slots At least 1.
   */
  resize(slots: number): void {
    this.#limit = checked(slots);
    this.#handOut();
  }

  #handOut(): void {
    while (this.#held < this.#limit) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#held++;
      next();
    }
  }
}

function checked(slots: number): number {
  if (!Number.isSafeInteger(slots) || slots < 1) {
    throw new RangeError(`Cannot limit to "${slots}" requests: expected a whole number of at least 1`);
  }
  return slots;
}
