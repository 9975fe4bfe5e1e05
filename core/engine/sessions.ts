/** Many streams at once, each on its own, none in the way of another. */
import { BrokenRule } from "../discussion/mod.ts";
import type { DiscussionEvent } from "../events/mod.ts";
import type { Clock } from "../ports/clock.ts";
import { ModelError } from "../ports/model.ts";
import type { Budget } from "./budget.ts";
import type { Advance } from "./discussion.ts";
import { type Lane, Lanes } from "./lanes.ts";
import { CONCURRENCY_MAX, DEADLINE_GRACE_MS, OPEN_MAX } from "./limits.ts";
import { ModelPausedTooLong } from "./paused_too_long.ts";
import { Places, SessionPlace } from "./places.ts";
import { DamagedStream } from "./read_stream.ts";
import type { CutShort, RunOutcome } from "./run_outcome.ts";
import type { Place } from "./waits.ts";

/** A stream that is taken further answer by answer: a discussion, or a pass over one. */
export type Session = Readonly<{
  ended: boolean;
  /** See `Discussion.advance()`. */
  advance(abort?: AbortSignal, stop?: AbortSignal, place?: Place): Promise<Advance>;
}>;

/** What work on streams tells whoever watches it. */
export type SessionNotice =
  | Readonly<{ kind: "recorded"; discussion: string; events: readonly DiscussionEvent[] }>
  | Readonly<{ kind: "ended"; discussion: string }>
  /** The stream cannot go on for now. Starting again tries it again. */
  | Readonly<{ kind: "set-aside"; discussion: string; reason: string }>
  /** The stream was left as it was, since others like it failed. Starting again tries it again. */
  | Readonly<{ kind: "left"; discussion: string }>;

/** How the work is to go. */
export type SessionOptions = Readonly<{
  /** Streams that are worked on at the same time; those that wait for a model are not counted. */
  concurrency: number;
  /** Ends the work gracefully: answers in flight are still recorded, nothing further is asked. */
  stop?: AbortSignal;
  /** Ends the work at once: requests in flight are given up. */
  abort?: AbortSignal;
  /** Ends the work gracefully when it is used up. */
  budget?: Budget;
}>;

/** What is worked on, one item a stream. */
export type Work<Item> = Readonly<{
  idOf: (item: Item) => string;
  /** What an item has in common with those that wait and fail with it, for people: its condition. */
  laneOf: (item: Item) => string;
  /** Begins work on a stream, or goes on with it; `null` for one that has nothing to be done. */
  open: (item: Item) => Promise<Session | null>;
  /** Work on the stream is over for now. */
  release: (stream: string) => void;
  /** Told of everything that happens, at once; it must not throw. */
  notify: (notice: SessionNotice) => void;
  clock: Clock;
}>;

/**
 * Works on streams until all have ended or been set aside. One stream's failure never stops another, but where all of a
 * lane fail, the rest of it is left; a store that fails ends the work. Streams that wait for a model leave their places
 * to others.
 *
 * @param items One a stream; drawn one at a time, so that any number of them takes no memory.
 * @param work What is done with each.
 * @param options Concurrency and signals.
 * @throws {StoreError} When a log can no longer be written or read.
 */
export async function runSessions<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  work: Work<Item>,
  options: SessionOptions,
): Promise<RunOutcome> {
  const { concurrency } = options;
  if (!Number.isSafeInteger(concurrency) || concurrency < 1 || concurrency > CONCURRENCY_MAX) {
    throw new RangeError(
      `Cannot hold "${concurrency}" discussions at once: expected a whole number from 1 to ${CONCURRENCY_MAX}`,
    );
  }
  const run = new Run(work, options);
  const queue = Symbol.iterator in items ? items[Symbol.iterator]() : items[Symbol.asyncIterator]();
  return await run.work(queue);
}

function failure(message: string): CutShort {
  return { by: "failure", message };
}

class Run<Item> {
  readonly #work: Work<Item>;
  readonly #options: SessionOptions;
  /** Keeps discussions that wait for a slot, or to try again, from asking once the run is cut short. */
  readonly #cutting = new AbortController();
  readonly #stop: AbortSignal;
  /** Gives up what is in flight long after a deadline. */
  readonly #late = new AbortController();
  readonly #abort: AbortSignal;
  readonly #over = new AbortController();
  #ended = 0;
  #endedBefore = 0;
  #setAside = 0;
  #open = 0;
  readonly #places: Places;
  readonly #lanes: Lanes<Item>;
  #changed = Promise.withResolvers<void>();
  /** What ended the work, where something did. */
  #thrown: Readonly<{ error: unknown }> | null = null;
  /** Whether anything went well in this run. */
  #gotOn = false;
  #lastError: ModelError | null = null;
  #cutShort: CutShort | null = null;

  constructor(work: Work<Item>, options: SessionOptions) {
    this.#work = work;
    this.#options = options;
    const { stop, abort, budget } = options;
    this.#stop = AbortSignal.any(
      [this.#cutting.signal, stop, budget?.signal].filter((signal) => signal !== undefined),
    );
    this.#abort = abort === undefined ? this.#late.signal : AbortSignal.any([this.#late.signal, abort]);
    this.#places = new Places(options.concurrency);
    this.#lanes = new Lanes(work.laneOf, { stop: this.#stop, openMax: options.concurrency });
    for (const signal of [this.#stop, this.#abort]) signal.addEventListener("abort", () => this.#change());
    if (budget !== undefined) void this.#watchDeadline(budget);
  }

  async #watchDeadline(budget: Budget): Promise<void> {
    const { clock } = this.#work;
    const over = this.#over.signal;
    await budget.watchDeadline(clock, over);
    if (budget.reached?.limit !== "deadline") return;
    await clock.sleep(DEADLINE_GRACE_MS, over).then(() => this.#late.abort(), () => {});
  }

  #outcome(): RunOutcome {
    return {
      ended: this.#ended,
      endedBefore: this.#endedBefore,
      setAside: this.#setAside,
      stopped: this.#lanes.stopped,
      cutShort: this.#cutShort ?? this.#allStopped() ?? this.#nothingWentOn(),
    };
  }

  #allStopped(): CutShort | null {
    if (!this.#lanes.areAllStopped) return null;
    return failure(this.#lanes.stopped.map(({ message }) => message).join("\n"));
  }

  /** A small run that failed as a whole is no run in which a few discussions were set aside, here or at an earlier start. */
  #nothingWentOn(): CutShort | null {
    if (this.#gotOn || this.#endedBefore > 0 || this.#lastError === null) return null;
    return failure(`No request was answered; the last one: ${this.#lastError.message}`);
  }

  /** Opens one stream after the other while there are places, and waits for all of them. */
  async work(queue: Iterator<Item> | AsyncIterator<Item>): Promise<RunOutcome> {
    try {
      for (;;) {
        const drawn = await this.#draw(queue);
        if (drawn === null) break;
        await this.#places.take();
        this.#open++;
        void this.#holdOne(drawn.item, this.#lanes.of(drawn.item));
      }
    } catch (error) {
      this.#throw(error);
    }
    while (this.#open > 0) await this.#changed.promise;
    this.#over.abort();
    if (this.#thrown !== null) throw this.#thrown.error;
    return this.#outcome();
  }

  /** The next stream whose lane takes more; `null` when there is none, or the work is to end. */
  async #draw(queue: Iterator<Item> | AsyncIterator<Item>): Promise<Readonly<{ item: Item }> | null> {
    let isExhausted = false;
    while (!this.#mustStop()) {
      const deferred = this.#lanes.next();
      if (deferred !== null) return { item: deferred };
      if (isExhausted && this.#lanes.isEmpty) return null;
      if (isExhausted || this.#lanes.isFull || this.#open >= OPEN_MAX || !this.#places.areFree) {
        await this.#changed.promise;
        continue;
      }
      // A queue that needs no waiting for is not waited for.
      const drawing = queue.next();
      const next = drawing instanceof Promise ? await drawing : drawing;
      if (next.done) isExhausted = true;
      else {
        if (this.#lanes.of(next.value).takesMore) return { item: next.value };
        this.#lanes.defer(next.value);
      }
    }
    return null;
  }

  async #holdOne(item: Item, lane: Lane<Item>): Promise<void> {
    const id = this.#work.idOf(item);
    const place = new SessionPlace(this.#places, () => this.#change());
    lane.began();
    try {
      if (!this.#mustStop()) await this.#hold(id, item, { lane, place });
    } catch (error) {
      const { abort } = this.#options;
      if (abort?.aborted && error === abort.reason) this.#cut({ by: "caller" });
      else if (this.#late.signal.aborted && error === this.#late.signal.reason) this.#mustStop();
      else if (error instanceof ModelPausedTooLong) {
        lane.stopFor(error.message);
        this.#leave(id, lane);
      } else if (error instanceof BrokenRule || error instanceof DamagedStream) this.#fail(id, error);
      else this.#throw(error);
    } finally {
      this.#work.release(id);
      lane.ended();
      place.end();
      this.#open--;
      this.#change();
    }
  }

  async #hold(
    id: string,
    item: Item,
    { lane, place }: Readonly<{ lane: Lane<Item>; place: Place }>,
  ): Promise<void> {
    const session = await this.#work.open(item);
    if (session === null) return;
    if (session.ended) {
      this.#endedBefore++;
      this.#ended++;
      return;
    }
    while (!this.#mustStop()) {
      if (lane.stopped !== null) return this.#leave(id, lane);
      const { events, error, model }: Advance = await session.advance(this.#abort, lane.stop, place);
      this.#work.notify({ kind: "recorded", discussion: id, events });
      if (error !== undefined) {
        lane.failed(error, model!);
        return this.#fail(id, error);
      }
      if (model !== undefined) lane.answered(model);
      this.#gotOn ||= events.length > 0;
      if (session.ended) {
        this.#ended++;
        this.#work.notify({ kind: "ended", discussion: id });
        return;
      }
    }
  }

  #leave(discussion: string, lane: Lane<Item>): void {
    lane.left++;
    this.#work.notify({ kind: "left", discussion });
  }

  #mustStop(): boolean {
    const { stop, budget } = this.#options;
    if (stop?.aborted) this.#cut({ by: "caller" });
    if (budget?.reached) this.#cut({ by: "budget", ...budget.reached });
    return this.#cutShort !== null;
  }

  #fail(discussion: string, error: Error): void {
    this.#setAside++;
    if (error instanceof ModelError) {
      this.#lastError = error;
      this.#options.budget?.fail();
    }
    this.#work.notify({ kind: "set-aside", discussion, reason: error.message });
  }

  #throw(error: unknown): void {
    this.#cut(failure(error instanceof Error ? error.message : String(error)));
    this.#thrown ??= { error };
  }

  #cut(cutShort: CutShort): void {
    this.#cutShort ??= cutShort;
    this.#cutting.abort();
  }

  /** Something happened that may let a further stream be opened. */
  #change(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
