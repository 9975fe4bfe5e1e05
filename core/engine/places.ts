/** Places among the discussions that are worked on at the same time. */
import type { Place } from "./waits.ts";

/** Hands out a number of places: to those that come back first, then to the next newcomer. */
export class Places {
  #free: number;
  readonly #returning: (() => void)[] = [];
  #newcomer: (() => void) | null = null;

  /**
   * Begins with all places free.
   *
   * @param count How many there are.
   */
  constructor(count: number) {
    this.#free = count;
  }

  /** Whether there are any that nobody has. */
  get areFree(): boolean {
    return this.#free > 0;
  }

  /** Resolves when a newcomer has a place; `null` when it has one at once. One newcomer at a time may wait. */
  take(): Promise<void> | null {
    return this.#takeOr((resolve) => this.#newcomer = resolve);
  }

  /** Resolves when one that left its place has one again; `null` when it has one at once. */
  takeAgain(): Promise<void> | null {
    return this.#takeOr((resolve) => this.#returning.push(resolve));
  }

  /** Gives a place to whoever waits for it. */
  giveBack(): void {
    const next = this.#returning.shift() ?? this.#newcomer;
    if (next === null) this.#free++;
    else {
      if (next === this.#newcomer) this.#newcomer = null;
      next();
    }
  }

  #takeOr(wait: (resolve: () => void) => void): Promise<void> | null {
    if (this.#free === 0) return new Promise(wait);
    this.#free--;
    return null;
  }
}

/** The place of one discussion, from when it was taken for it. */
export class SessionPlace implements Place {
  readonly #places: Places;
  readonly #onLeave: () => void;
  #isHeld = true;

  /**
   * Begins with the place held.
   *
   * @param places Where it was taken.
   * @param onLeave Told when the discussion leaves its place to wait.
   */
  constructor(places: Places, onLeave: () => void) {
    this.#places = places;
    this.#onLeave = onLeave;
  }

  /** See `Place`. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** See `Place`. */
  leave(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#places.giveBack();
    this.#onLeave();
  }

  /** See `Place`. */
  back(): Promise<void> | null {
    const taken = this.#isHeld ? null : this.#places.takeAgain();
    if (taken !== null) return taken.then(() => void (this.#isHeld = true));
    this.#isHeld = true;
    return null;
  }

  /** The discussion is worked on no more. */
  end(): void {
    if (this.#isHeld) this.#places.giveBack();
    this.#isHeld = false;
  }
}
