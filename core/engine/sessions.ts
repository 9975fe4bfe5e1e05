/** Many streams at once, each on its own, none in the way of another. */
import { BrokenRule } from "../discussion/mod.ts";
import type { DiscussionEvent } from "../events/mod.ts";
import type { Clock } from "../ports/clock.ts";
import { ModelError } from "../ports/model.ts";
import type { BoundReached, Budget } from "./budget.ts";
import type { Advance } from "./discussion.ts";
import { CONCURRENCY_MAX, DEADLINE_GRACE_MS, FAILURES_IN_A_ROW_MAX } from "./limits.ts";
import { ModelDown } from "./outage.ts";
import { DamagedStream } from "./read_stream.ts";

/** A stream that is taken further answer by answer: a discussion, or a pass over one. */
export type Session = Readonly<{
  ended: boolean;
  /** See `Discussion.advance()`. */
  advance(abort?: AbortSignal, stop?: AbortSignal): Promise<Advance>;
}>;

/** What work on streams tells whoever watches it. */
export type SessionNotice =
  | Readonly<{ kind: "recorded"; discussion: string; events: readonly DiscussionEvent[] }>
  | Readonly<{ kind: "ended"; discussion: string }>
  /** The stream cannot go on for now. Starting again tries it again. */
  | Readonly<{ kind: "set-aside"; discussion: string; reason: string }>;

/** How the work is to go. */
export type SessionOptions = Readonly<{
  /** Streams that are worked on at the same time. */
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
  /** Begins work on a stream, or goes on with it; `null` for one that has nothing to be done. */
  open: (item: Item) => Promise<Session | null>;
  /** Work on the stream is over for now. */
  release: (stream: string) => void;
  /** Told of everything that happens, at once; it must not throw. */
  notify: (notice: SessionNotice) => void;
  clock: Clock;
}>;

/** How the work went. */
export type RunOutcome = Readonly<{
  /** Streams that have come to their end, those that had before included. */
  ended: number;
  /** Of those, the ones that had ended before. */
  endedBefore: number;
  /** Streams that could not go on this time. */
  setAside: number;
  /** Why the work ended before all were tried, or why none of them got on; `null` when neither was so. */
  cutShort: CutShort | null;
}>;

/** Why the work ended early: the caller stopped it, a bound was reached, or something failed that all streams share. */
export type CutShort =
  | Readonly<{ by: "caller" }>
  | (Readonly<{ by: "budget" }> & BoundReached)
  | Readonly<{ by: "failure"; message: string }>;

/**
 * Works on streams until all have ended or been set aside. One stream's failure never stops another, unless what
 * failed is common to all: the store, a model's set-up, or everything for a long while.
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
  const workers = Array.from({ length: concurrency }, () => run.work(queue));
  const results = await Promise.allSettled(workers);
  run.end();
  for (const result of results) if (result.status === "rejected") throw result.reason;
  return run.outcome;
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
  #failuresInARow = 0;
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
    if (budget !== undefined) void this.#watchDeadline(budget);
  }

  /** Nobody works any more. */
  end(): void {
    this.#over.abort();
  }

  async #watchDeadline(budget: Budget): Promise<void> {
    const { clock } = this.#work;
    const over = this.#over.signal;
    await budget.watchDeadline(clock, over);
    if (budget.reached?.bound !== "deadline") return;
    await clock.sleep(DEADLINE_GRACE_MS, over).then(() => this.#late.abort(), () => {});
  }

  get outcome(): RunOutcome {
    return {
      ended: this.#ended,
      endedBefore: this.#endedBefore,
      setAside: this.#setAside,
      cutShort: this.#cutShort ?? this.#nothingWentOn(),
    };
  }

  /** A small run that failed as a whole is no run in which a few discussions were set aside, here or at an earlier start. */
  #nothingWentOn(): CutShort | null {
    if (this.#gotOn || this.#endedBefore > 0 || this.#lastError === null) return null;
    return failure(`No request was answered; the last one: ${this.#lastError.message}`);
  }

  /** One of the workers that share the queue: one stream after the other. */
  async work(queue: Iterator<Item> | AsyncIterator<Item>): Promise<void> {
    while (!this.#mustStop()) {
      // A queue that needs no waiting for is not waited for.
      const drawn = queue.next();
      const next = drawn instanceof Promise ? await drawn : drawn;
      if (next.done) return;
      const id = this.#work.idOf(next.value);
      try {
        await this.#hold(id, next.value);
      } catch (error) {
        const { abort } = this.#options;
        if (abort?.aborted && error === abort.reason) this.#cut({ by: "caller" });
        else if (this.#late.signal.aborted && error === this.#late.signal.reason) this.#mustStop();
        else if (error instanceof ModelDown) this.#cut(failure(error.message));
        else if (error instanceof BrokenRule || error instanceof DamagedStream) {
          this.#fail(id, error);
        } else {
          this.#cut(failure(error instanceof Error ? error.message : String(error)));
          throw error;
        }
      } finally {
        this.#work.release(id);
      }
    }
  }

  async #hold(id: string, item: Item): Promise<void> {
    const session = await this.#work.open(item);
    if (session === null) return;
    if (session.ended) {
      this.#endedBefore++;
      this.#ended++;
      return;
    }
    while (!this.#mustStop()) {
      const { events, error }: Advance = await session.advance(this.#abort, this.#stop);
      this.#work.notify({ kind: "recorded", discussion: id, events });
      if (error !== undefined) return this.#fail(id, error);
      this.#failuresInARow = 0;
      this.#gotOn ||= events.length > 0;
      if (session.ended) {
        this.#ended++;
        this.#work.notify({ kind: "ended", discussion: id });
        return;
      }
    }
  }

  #mustStop(): boolean {
    const { stop, budget } = this.#options;
    if (stop?.aborted) this.#cut({ by: "caller" });
    if (budget?.reached) this.#cut({ by: "budget", ...budget.reached });
    return this.#cutShort !== null;
  }

  #fail(discussion: string, error: Error): void {
    this.#setAside++;
    this.#failuresInARow++;
    if (error instanceof ModelError) {
      this.#lastError = error;
      this.#options.budget?.fail();
    }
    // Where a request was answered before, key and model are right: what is refused then is this one prompt.
    if (error instanceof ModelError && error.wrongSetup && !this.#gotOn) this.#cut(failure(error.message));
    else if (this.#failuresInARow >= FAILURES_IN_A_ROW_MAX) {
      this.#cut(failure(
        `${FAILURES_IN_A_ROW_MAX} discussions in a row could not go on; the last one: ${error.message}`,
      ));
    }
    this.#work.notify({ kind: "set-aside", discussion, reason: error.message });
  }

  #cut(cutShort: CutShort): void {
    this.#cutShort ??= cutShort;
    this.#cutting.abort();
  }
}
