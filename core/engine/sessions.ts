/** Works on many streams at once. One stream's failure never stops another. */
import { BrokenRule } from "../discussion/mod.ts";
import type { DiscussionEvent } from "../events/mod.ts";
import type { Clock } from "../ports/clock.ts";
import { ModelError } from "../ports/model.ts";
import { TemplateError } from "../templates/mod.ts";
import type { Budget } from "./budget.ts";
import type { Advance } from "./environment.ts";
import { type Drawn, type Lane, type LaneRules, Lanes, Places, SessionPlace } from "./lanes.ts";
import { CONCURRENCY_MAX, DEADLINE_GRACE_MS, OPEN_MAX } from "./limits.ts";
import { ModelPausedTooLong } from "./pause_causes.ts";
import type { CutShort, RunOutcome } from "./run_outcome.ts";
import { DamagedStream } from "./stream.ts";
import type { Place } from "./waits.ts";

/** Errors that stop one stream, and leave the others as they are. */
const OF_ONE_STREAM = [BrokenRule, TemplateError, DamagedStream];

/** Work on one stream, one answer after the other: a discussion, or an annotation pass over a discussion. */
export type Session = Readonly<{
  ended: boolean;
  /** See `Discussion.advance()`. */
  advance(abort?: AbortSignal, stop?: AbortSignal, place?: Place): Promise<Advance>;
}>;

/** A notice about a stream. */
export type SessionNotice =
  | Readonly<{ kind: "recorded"; discussion: string; events: readonly DiscussionEvent[] }>
  | Readonly<{ kind: "ended"; discussion: string }>
  /** The stream failed. Starting again tries it again. */
  | Readonly<{ kind: "set-aside"; discussion: string; reason: string }>
  /** The stream was skipped, since its lane was stopped. Starting again tries it again. */
  | Readonly<{ kind: "left"; discussion: string }>;

/** The options of the work on streams. */
export type SessionOptions = Readonly<{
  /** The most streams in progress at the same time. Streams that wait for a model do not count. */
  concurrency: number;
  /** Ends the work gracefully: answers in flight are still recorded, but no other request is sent. */
  stop?: AbortSignal;
  /** Ends the work at once, and aborts the requests in flight. */
  abort?: AbortSignal;
  /** Ends the work gracefully when one of its limits is reached. */
  budget?: Budget;
}>;

/** The work on each item. Each item belongs to one stream. */
export type Work<Item> =
  & LaneRules<Item>
  & Readonly<{
    idOf: (item: Item) => string;
    /** Begins or resumes work on a stream; `null` if there is nothing to do. */
    open: (item: Item) => Promise<Session | null>;
    /** Ends work on the stream for now. */
    release: (stream: string) => void;
    /** Receives every notice at once. It must not throw. */
    notify: (notice: SessionNotice) => void;
    clock: Clock;
  }>;

/**
 * Works on streams until each has ended or failed. If many streams of a lane fail in a row, the rest of the lane is
 * skipped. If the store fails, the work ends. A stream that waits for a model leaves its place to others.
 *
 * @param items Drawn one at a time, so that any number of them takes no memory.
 * @throws {StoreError} If a log can no longer be written or read.
 */
export async function runSessions<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  work: Work<Item>,
  options: SessionOptions,
): Promise<RunOutcome> {
  const { concurrency } = options;
  if (!Number.isSafeInteger(concurrency) || concurrency < 1 || concurrency > CONCURRENCY_MAX) {
    throw new RangeError(
      `Cannot run "${concurrency}" discussions at once: expected a whole number from 1 to ${CONCURRENCY_MAX}`,
    );
  }
  const queue = Symbol.iterator in items ? items[Symbol.iterator]() : items[Symbol.asyncIterator]();
  return await new Run(work, options).run(queue);
}

class Run<Item> {
  readonly #work: Work<Item>;
  readonly #options: SessionOptions;
  /** Aborted when the run is cut short, so that waiting streams send no more requests. */
  readonly #cutting = new AbortController();
  readonly #stop: AbortSignal;
  /** Aborts the requests that are still in flight some time after the deadline. */
  readonly #late = new AbortController();
  readonly #abort: AbortSignal;
  readonly #over = new AbortController();
  readonly #places: Places;
  readonly #lanes: Lanes<Item>;
  #ended = 0;
  #endedBefore = 0;
  #setAside = 0;
  #open = 0;
  /** Wakes the loop that opens streams; `null` while it does not wait. */
  #wake: (() => void) | null = null;
  #thrown: Readonly<{ error: unknown }> | null = null;
  #hasProgress = false;
  #lastError: ModelError | null = null;
  #cutShort: CutShort | null = null;

  constructor(work: Work<Item>, options: SessionOptions) {
    this.#work = work;
    this.#options = options;
    const { stop, abort, budget, concurrency } = options;
    this.#stop = AbortSignal.any(
      [this.#cutting.signal, stop, budget?.signal].filter((signal) => signal !== undefined),
    );
    this.#abort = abort === undefined ? this.#late.signal : AbortSignal.any([this.#late.signal, abort]);
    this.#places = new Places(concurrency);
    this.#lanes = new Lanes({ ...work, stop: this.#stop, openMax: concurrency });
    for (const signal of [this.#stop, this.#abort]) signal.addEventListener("abort", () => this.#change());
    if (budget !== undefined) void this.#watchDeadline(budget);
  }

  /** Opens streams while there are places, and waits for all of them. */
  async run(queue: Iterator<Item> | AsyncIterator<Item>): Promise<RunOutcome> {
    try {
      for (;;) {
        const drawn = await this.#draw(queue);
        if (drawn === null) break;
        await this.#places.take();
        this.#open++;
        void this.#runOne(drawn.item, drawn.lane);
      }
    } catch (error) {
      this.#throw(error);
    }
    while (this.#open > 0) await this.#changed();
    this.#over.abort();
    if (this.#thrown !== null) throw this.#thrown.error;
    return {
      ended: this.#ended,
      endedBefore: this.#endedBefore,
      setAside: this.#setAside,
      stopped: this.#lanes.stopped,
      cutShort: this.#cutShort ?? this.#allStopped() ?? this.#noProgress(),
    };
  }

  async #watchDeadline(budget: Budget): Promise<void> {
    const { clock } = this.#work;
    const over = this.#over.signal;
    await budget.watchDeadline(clock, over);
    if (budget.reached?.limit !== "deadline") return;
    await clock.sleep(DEADLINE_GRACE_MS, over).then(() => this.#late.abort(), () => {});
  }

  #allStopped(): CutShort | null {
    if (!this.#lanes.areAllStopped) return null;
    return { by: "failure", message: this.#lanes.stopped.map(({ message }) => message).join("\n") };
  }

  /** A small run in which every stream failed has failed as a whole, unless a stream ended at an earlier start. */
  #noProgress(): CutShort | null {
    if (this.#hasProgress || this.#endedBefore > 0 || this.#lastError === null) return null;
    return { by: "failure", message: `No request was answered; last error: ${this.#lastError.message}` };
  }

  /** The next item that its lane can take; `null` if there is none, or the work must end. */
  async #draw(queue: Iterator<Item> | AsyncIterator<Item>): Promise<Drawn<Item> | null> {
    let isExhausted = false;
    while (!this.#mustStop()) {
      const deferred = this.#lanes.next();
      if (deferred !== null) return deferred;
      if (isExhausted && this.#lanes.isEmpty) return null;
      if (isExhausted || this.#lanes.isFull || this.#open >= OPEN_MAX || !this.#places.areFree) {
        await this.#changed();
        continue;
      }
      const drawing = queue.next();
      const next = drawing instanceof Promise ? await drawing : drawing;
      if (next.done) isExhausted = true;
      else {
        const drawn = { item: next.value, lane: this.#lanes.of(next.value) };
        if (drawn.lane.takesMore) return drawn;
        this.#lanes.defer(drawn);
      }
    }
    return null;
  }

  async #runOne(item: Item, lane: Lane<Item>): Promise<void> {
    const id = this.#work.idOf(item);
    const place = new SessionPlace(this.#places, () => this.#change());
    lane.began();
    try {
      const session = this.#mustStop() ? null : await this.#work.open(item);
      if (session !== null) await this.#advance(id, session, { lane, place });
    } catch (error) {
      const { abort } = this.#options;
      if (abort?.aborted && error === abort.reason) this.#cut({ by: "caller" });
      else if (this.#late.signal.aborted && error === this.#late.signal.reason) this.#mustStop();
      else if (error instanceof ModelPausedTooLong) {
        lane.stopFor(error.message);
        this.#leave(id, lane);
      } else if (OF_ONE_STREAM.some((kind) => error instanceof kind)) this.#fail(id, error as Error);
      else this.#throw(error);
    } finally {
      this.#work.release(id);
      lane.ended();
      place.end();
      this.#open--;
      this.#change();
    }
  }

  async #advance(
    id: string,
    session: Session,
    { lane, place }: Readonly<{ lane: Lane<Item>; place: Place }>,
  ): Promise<void> {
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
      this.#hasProgress ||= events.length > 0;
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
    this.#cut({ by: "failure", message: error instanceof Error ? error.message : String(error) });
    this.#thrown ??= { error };
  }

  #cut(cutShort: CutShort): void {
    this.#cutShort ??= cutShort;
    this.#cutting.abort();
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => this.#wake = resolve);
  }

  /** Wakes the loop, since it may now be able to open another stream. */
  #change(): void {
    this.#wake?.();
    this.#wake = null;
  }
}
