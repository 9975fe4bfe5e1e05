import type { ModelError } from "../ports/model.ts";
import { DEFERRED_MAX, FAILURES_IN_A_ROW_MAX } from "./limits.ts";
import type { Place } from "./waits.ts";

/** Discussions of one condition share a lane: they wait and fail together, and nothing of another lane does with them. */

/** A lane that was stopped. */
export type StoppedLane = Readonly<{
  /** Why, for people. */
  message: string;
  /** Streams that were left as they were: starting again tries them again. */
  left: number;
}>;

/** What lanes have in common: what ends waits in all of them, and how many streams of each may be open, those included that wait. */
export type LaneOptions = Readonly<{ stop: AbortSignal; openMax: number }>;

/** One lane. */
export class Lane<Item> {
  /** What its streams have in common, for people. */
  readonly name: string;
  /** Aborted when the lane is stopped. */
  readonly stopping = new AbortController();
  /** Ends waits of its streams: when the lane is stopped, or the whole run. */
  readonly stop: AbortSignal;
  /** Drawn, but not opened yet. */
  readonly deferred: Item[] = [];
  /** Streams that were left as they were when the lane was stopped. */
  left = 0;
  readonly #openMax: number;
  readonly #answering = new Set<string>();
  #open = 0;
  #failuresInARow = 0;
  #lastFailure = "";
  #stopped: string | null = null;

  /** Begins with nothing open; see {@linkcode LaneOptions}. */
  constructor(name: string, { stop, openMax }: LaneOptions) {
    this.name = name;
    this.#openMax = openMax;
    this.stop = AbortSignal.any([stop, this.stopping.signal]);
  }

  /** Why the lane is stopped; `null` while it is not. */
  get stopped(): string | null {
    return this.#stopped;
  }

  /** Whether a further stream is opened now. Those of a stopped lane are, to see whether they had ended before. */
  get takesMore(): boolean {
    if (this.#stopped !== null) return true;
    return this.#open < this.#openMax && this.#failuresInARow < FAILURES_IN_A_ROW_MAX;
  }

  /** A stream is opened. */
  began(): void {
    this.#open++;
  }

  /** A stream is worked on no more. Where many failed in a row, those that were open with them had their chance. */
  ended(): void {
    if (--this.#open > 0 || this.#failuresInARow < FAILURES_IN_A_ROW_MAX) return;
    this.stopFor(
      `${this.#failuresInARow} discussions of ${this.name} failed in a row; last error: ${this.#lastFailure}`,
    );
  }

  /** A model answered. */
  answered(model: string): void {
    this.#answering.add(model);
    this.#failuresInARow = 0;
  }

  /**
   * A request failed for good.
   *
   * @param error With what.
   * @param model Who was asked.
   */
  failed(error: ModelError, model: string): void {
    this.#failuresInARow++;
    this.#lastFailure = error.message;
    // Where a request was answered before, key and model are right: what is refused then is this one prompt.
    if (error.wrongSetup && !this.#answering.has(model)) {
      this.stopFor(`The model "${model}" cannot be asked: ${error.message}`);
    }
  }

  /** Stops the lane: nothing of it is asked any more. */
  stopFor(message: string): void {
    this.#stopped ??= message;
    this.stopping.abort();
  }
}

/** The lanes of a run. */
export class Lanes<Item> {
  readonly #nameOf: (item: Item) => string;
  readonly #options: LaneOptions;
  readonly #lanes = new Map<string, Lane<Item>>();
  #deferred = 0;

  /**
   * Begins without lanes.
   *
   * @param nameOf The lane of an item.
   * @param options See {@linkcode LaneOptions}.
   */
  constructor(nameOf: (item: Item) => string, options: LaneOptions) {
    this.#nameOf = nameOf;
    this.#options = options;
  }

  /** The lane that an item belongs to. */
  of(item: Item): Lane<Item> {
    const name = this.#nameOf(item);
    let lane = this.#lanes.get(name);
    if (lane === undefined) this.#lanes.set(name, lane = new Lane(name, this.#options));
    return lane;
  }

  /** Leaves an item for later, since its lane takes no more now. */
  defer(item: Item): void {
    this.of(item).deferred.push(item);
    this.#deferred++;
  }

  /** An item that was deferred and need not be any more; `null` when there is none. */
  next(): Item | null {
    if (this.#deferred === 0) return null;
    for (const lane of this.#lanes.values()) {
      if (lane.deferred.length === 0 || !lane.takesMore) continue;
      this.#deferred--;
      return lane.deferred.shift()!;
    }
    return null;
  }

  /** Whether no further item may be deferred. */
  get isFull(): boolean {
    return this.#deferred >= DEFERRED_MAX;
  }

  /** Whether nothing is deferred. */
  get isEmpty(): boolean {
    return this.#deferred === 0;
  }

  /** What was left of lanes that were stopped; those that were stopped for the same reason as one. */
  get stopped(): readonly StoppedLane[] {
    const left = new Map<string, number>();
    for (const lane of this.#lanes.values()) {
      if (lane.stopped !== null && lane.left > 0) {
        left.set(lane.stopped, (left.get(lane.stopped) ?? 0) + lane.left);
      }
    }
    return [...left].map(([message, count]) => ({ message, left: count }));
  }

  /** Whether there are lanes, and something was left of each. */
  get areAllStopped(): boolean {
    return this.#lanes.size > 0 && [...this.#lanes.values()].every(({ left }) => left > 0);
  }
}

/** Places among the discussions that are worked on at the same time. */

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
