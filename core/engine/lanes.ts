/**
 * Lanes and places. A lane contains the streams that need the same models: the discussions of one condition,
 * or all discussions in one annotation pass. The streams of a lane are stopped together. A stream needs a
 * place while it makes progress. A run has as many places as its concurrency.
 */
import type { ModelError } from "../ports/model.ts";
import { DEFERRED_MAX, FAILURES_IN_A_ROW_MAX, OPEN_MAX } from "./limits.ts";
import type { Place } from "./waits.ts";

/** A lane that was stopped. */
export type StoppedLane = Readonly<{
  message: string;
  /** How many streams were skipped. The next start of the run tries them again. */
  left: number;
}>;

/** How items are assigned to lanes. */
export type LaneRules<Item> = Readonly<{
  /** The name of the item's lane. Messages to people contain it. */
  laneOf: (item: Item) => string;
  /**
   * Whether people answer questions about the item. Its stream can wait for days, so its lane can have any
   * number of open streams.
   */
  withPeople: (item: Item) => boolean;
}>;

/** `stop` ends waits in all lanes. `openMax` limits the open streams of each lane, waiting streams included. */
type LaneOptions = Readonly<{ stop: AbortSignal; openMax: number }>;

export class Lane<Item> {
  readonly name: string;
  readonly #stopping = new AbortController();
  /** Aborted when the lane or the whole run is stopped. This ends the waits of the lane's streams. */
  readonly stop: AbortSignal;
  /** Items that were drawn but not opened yet. */
  readonly deferred: Item[] = [];
  left = 0;
  readonly #openMax: number;
  readonly #answering = new Set<string>();
  #open = 0;
  #failuresInARow = 0;
  #lastFailure = "";
  /** Why the lane was stopped; `null` if it was not. */
  stopped: string | null = null;

  constructor(name: string, { stop, openMax }: LaneOptions) {
    this.name = name;
    this.#openMax = openMax;
    this.stop = AbortSignal.any([stop, this.#stopping.signal]);
  }

  /**
   * Whether another stream may be opened. A stopped lane opens its streams, too: only an open stream shows
   * whether it had ended in an earlier start.
   */
  get takesMore(): boolean {
    if (this.stopped !== null) return true;
    return this.#open < this.#openMax && this.#failuresInARow < FAILURES_IN_A_ROW_MAX;
  }

  began(): void {
    this.#open++;
  }

  /**
   * Work on a stream is over. After many failures in a row, the lane is stopped as soon as no stream is open.
   */
  ended(): void {
    if (--this.#open > 0 || this.#failuresInARow < FAILURES_IN_A_ROW_MAX) return;
    this.stopFor(
      `${this.#failuresInARow} discussions of ${this.name} failed in a row; last error: ${this.#lastFailure}`,
    );
  }

  answered(model: string): void {
    this.#answering.add(model);
    this.#failuresInARow = 0;
  }

  /** A request failed after all attempts. */
  failed(error: ModelError, model: string): void {
    this.#failuresInARow++;
    this.#lastFailure = error.message;
    // If the model has answered before, the setup is right: the model refuses only this prompt.
    if (error.wrongSetup && !this.#answering.has(model)) {
      this.stopFor(`Cannot ask the model "${model}": ${error.message}`);
    }
  }

  stopFor(message: string): void {
    this.stopped ??= message;
    this.#stopping.abort();
  }
}

export type Drawn<Item> = Readonly<{ item: Item; lane: Lane<Item> }>;

export class Lanes<Item> {
  readonly #options: LaneRules<Item> & LaneOptions;
  readonly #lanes = new Map<string, Lane<Item>>();
  #deferred = 0;

  constructor(options: LaneRules<Item> & LaneOptions) {
    this.#options = options;
  }

  of(item: Item): Lane<Item> {
    const { laneOf, withPeople, stop, openMax } = this.#options;
    const name = laneOf(item);
    let lane = this.#lanes.get(name);
    if (lane === undefined) {
      lane = new Lane(name, { stop, openMax: withPeople(item) ? OPEN_MAX : openMax });
      this.#lanes.set(name, lane);
    }
    return lane;
  }

  /** Postpones an item that its lane cannot take now. */
  defer({ item, lane }: Drawn<Item>): void {
    lane.deferred.push(item);
    this.#deferred++;
  }

  /** A postponed item that its lane can take now; `null` if there is none. */
  next(): Drawn<Item> | null {
    if (this.#deferred === 0) return null;
    for (const lane of this.#lanes.values()) {
      if (lane.deferred.length === 0 || !lane.takesMore) continue;
      this.#deferred--;
      return { item: lane.deferred.shift()!, lane };
    }
    return null;
  }

  /** The names of the lanes that can take no more items now. */
  get full(): ReadonlySet<string> {
    const full = new Set<string>();
    for (const [name, { takesMore }] of this.#lanes) if (!takesMore) full.add(name);
    return full;
  }

  /** Whether the list of postponed items is full. */
  get isFull(): boolean {
    return this.#deferred >= DEFERRED_MAX;
  }

  get isEmpty(): boolean {
    return this.#deferred === 0;
  }

  /** The stopped lanes that skipped streams. Lanes that were stopped for the same reason are one entry. */
  get stopped(): readonly StoppedLane[] {
    const left = new Map<string, number>();
    for (const lane of this.#lanes.values()) {
      if (lane.stopped !== null && lane.left > 0) {
        left.set(lane.stopped, (left.get(lane.stopped) ?? 0) + lane.left);
      }
    }
    return [...left].map(([message, count]) => ({ message, left: count }));
  }

  get areAllStopped(): boolean {
    return this.#lanes.size > 0 && [...this.#lanes.values()].every(({ left }) => left > 0);
  }
}

/** The places of a run. A discussion that returns from a wait gets a place before a new discussion. */
export class Places {
  #free: number;
  readonly #returning: (() => void)[] = [];
  #newcomer: (() => void) | null = null;

  constructor(count: number) {
    this.#free = count;
  }

  get areFree(): boolean {
    return this.#free > 0;
  }

  /**
   * Takes a place for a new discussion. Returns `null` if a place is free, otherwise a promise that resolves
   * with the place. Only one caller may wait here.
   */
  take(): Promise<void> | null {
    return this.#takeOr((resolve) => this.#newcomer = resolve);
  }

  /**
   * Takes a place for a discussion that returns from a wait. Returns `null` or a promise, as `take()` does.
   */
  takeAgain(): Promise<void> | null {
    return this.#takeOr((resolve) => this.#returning.push(resolve));
  }

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

export class SessionPlace implements Place {
  readonly #places: Places;
  readonly #onLeave: () => void;
  isHeld = true;

  /**
   * The place of a discussion that already has it. `onLeave` is called when the discussion frees the place to
   * wait.
   */
  constructor(places: Places, onLeave: () => void) {
    this.#places = places;
    this.#onLeave = onLeave;
  }

  leave(): void {
    if (!this.isHeld) return;
    this.isHeld = false;
    this.#places.giveBack();
    this.#onLeave();
  }

  back(): Promise<void> | null {
    const taken = this.isHeld ? null : this.#places.takeAgain();
    if (taken !== null) return taken.then(() => void (this.isHeld = true));
    this.isHeld = true;
    return null;
  }

  end(): void {
    if (this.isHeld) this.#places.giveBack();
    this.isHeld = false;
  }
}
