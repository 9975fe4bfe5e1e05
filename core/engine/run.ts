/** A run: many discussions at once, each on its own, none in the way of another. */
import type { DiscussionDesign } from "../discussion/mod.ts";
import { BrokenRule, type OpenState } from "../discussion/mod.ts";
import type { DiscussionEvent } from "../events/mod.ts";
import { ModelError } from "../ports/model.ts";
import { type Advance, Discussion, type Environment } from "./discussion.ts";
import { CONCURRENCY_MAX, FAILURES_IN_A_ROW_MAX } from "./limits.ts";
import { DamagedStream } from "./read_stream.ts";

/** What a run tells whoever watches it. */
export type RunNotice =
  /** A discussion's log has been read; work on it begins, or it had ended before this run. */
  | Readonly<{ kind: "opened"; state: OpenState; resumed: boolean }>
  | Readonly<{ kind: "recorded"; discussion: string; events: readonly DiscussionEvent[] }>
  | Readonly<{ kind: "ended"; discussion: string }>
  /** The discussion cannot go on for now. Starting the run again tries it again. */
  | Readonly<{ kind: "set-aside"; discussion: string; reason: string }>;

/** How a run is to go. */
export type RunOptions = Readonly<{
  /** Discussions that are held at the same time. */
  concurrency: number;
  /** Ends the run gracefully: answers in flight are still recorded, nothing further is asked. */
  stop?: AbortSignal;
  /** Ends the run at once: requests in flight are given up. */
  abort?: AbortSignal;
  /** Told of everything that happens, at once; it must not throw. */
  notify?: (notice: RunNotice) => void;
  /**
   * The caller's own rule for ending a discussion early: a note ends it, `null` lets it go on. Asked before every
   * question between the first turn and the last. Equal states must give equal answers: a run that was killed asks
   * again where it goes on.
   */
  stopEarly?: (state: OpenState) => string | null;
}>;

/** How a run went. */
export type RunOutcome = Readonly<{
  /** Discussions that have ended, those that had ended before included. */
  ended: number;
  /** Of those, the ones that had ended before this run. */
  endedBefore: number;
  /** Discussions that could not go on in this run. */
  setAside: number;
  /** Why the run ended before all discussions were tried, or why none of them got on; `null` when neither was so. */
  cutShort: CutShort | null;
}>;

/** Why a run ended early: the caller stopped it, or something failed that all discussions share. */
export type CutShort = Readonly<{ by: "caller" }> | Readonly<{ by: "failure"; message: string }>;

/**
 * Holds discussions until all have ended or been set aside. One discussion's failure never stops another, unless
 * what failed is common to all: the store, a model's set-up, or everything for a long while.
 *
 * @param designs The discussions; drawn one at a time, so that a plan of any size takes no memory.
 * @param environment Store, models, rules, clock, retries.
 * @param options Concurrency, signals, and who is told.
 * @returns How it went.
 * @throws {StoreError} When a log can no longer be written or read.
 */
export async function runDiscussions(
  designs: Iterable<DiscussionDesign>,
  environment: Environment,
  options: RunOptions,
): Promise<RunOutcome> {
  const { concurrency } = options;
  if (!Number.isSafeInteger(concurrency) || concurrency < 1 || concurrency > CONCURRENCY_MAX) {
    throw new RangeError(
      `Cannot hold "${concurrency}" discussions at once: expected a whole number from 1 to ${CONCURRENCY_MAX}`,
    );
  }
  const run = new Run(environment, options);
  const queue = designs[Symbol.iterator]();
  const workers = Array.from({ length: concurrency }, () => run.work(queue));
  const results = await Promise.allSettled(workers);
  for (const result of results) if (result.status === "rejected") throw result.reason;
  return run.outcome;
}

function failure(message: string): CutShort {
  return { by: "failure", message };
}

class Run {
  readonly #environment: Environment;
  readonly #options: RunOptions;
  /** Keeps discussions that wait for a slot, or to try again, from asking once the run is cut short. */
  readonly #cutting = new AbortController();
  readonly #stop: AbortSignal;
  #ended = 0;
  #endedBefore = 0;
  #setAside = 0;
  #failuresInARow = 0;
  /** Whether anything went well in this run. */
  #gotOn = false;
  #lastError: ModelError | null = null;
  #cutShort: CutShort | null = null;

  constructor(environment: Environment, options: RunOptions) {
    this.#environment = environment;
    this.#options = options;
    this.#stop = AbortSignal.any([this.#cutting.signal, ...(options.stop ? [options.stop] : [])]);
  }

  get outcome(): RunOutcome {
    return {
      ended: this.#ended,
      endedBefore: this.#endedBefore,
      setAside: this.#setAside,
      cutShort: this.#cutShort ?? this.#nothingWentOn(),
    };
  }

  /** A small run that failed as a whole is no run in which a few discussions were set aside. */
  #nothingWentOn(): CutShort | null {
    if (this.#gotOn || this.#lastError === null) return null;
    return failure(`No request was answered; the last one: ${this.#lastError.message}`);
  }

  /** One of the workers that share the queue: one discussion after the other. */
  async work(queue: Iterator<DiscussionDesign>): Promise<void> {
    while (!this.#mustStop()) {
      const next = queue.next();
      if (next.done) return;
      try {
        await this.#hold(next.value);
      } catch (error) {
        const { abort } = this.#options;
        if (abort?.aborted && error === abort.reason) this.#cut({ by: "caller" });
        else if (error instanceof BrokenRule || error instanceof DamagedStream) {
          this.#fail(next.value.id, error);
        } else {
          this.#cut(failure(error instanceof Error ? error.message : String(error)));
          throw error;
        }
      } finally {
        this.#environment.store.release(next.value.id);
      }
    }
  }

  async #hold(design: DiscussionDesign): Promise<void> {
    const discussion = await Discussion.open(design, this.#environment);
    this.#notify({ kind: "opened", state: discussion.state, resumed: discussion.length > 0 });
    if (discussion.ended) {
      this.#endedBefore++;
      this.#ended++;
      return;
    }
    while (!this.#mustStop()) {
      const note = this.#noteToStop(discussion.state);
      const { events, error }: Advance = note === null
        ? await discussion.advance(this.#options.abort, this.#stop)
        : { events: await discussion.stop(note) };
      this.#notify({ kind: "recorded", discussion: design.id, events });
      if (error !== undefined) return this.#fail(design.id, error);
      this.#failuresInARow = 0;
      this.#gotOn ||= events.length > 0;
      if (discussion.ended) {
        this.#ended++;
        this.#notify({ kind: "ended", discussion: design.id });
        return;
      }
    }
  }

  /** After the last turn only the end can be missing, which a kill may have kept from the log: that is no early end. */
  #noteToStop(state: OpenState): string | null {
    const isBetweenTurns = state.turn > 0 && state.turn < state.design.turns;
    return isBetweenTurns ? this.#options.stopEarly?.(state) ?? null : null;
  }

  #mustStop(): boolean {
    if (this.#options.stop?.aborted) this.#cut({ by: "caller" });
    return this.#cutShort !== null;
  }

  #fail(discussion: string, error: Error): void {
    this.#setAside++;
    this.#failuresInARow++;
    if (error instanceof ModelError) this.#lastError = error;
    // Where a request was answered before, key and model are right: what is refused then is this one prompt.
    if (error instanceof ModelError && error.wrongSetup && !this.#gotOn) this.#cut(failure(error.message));
    else if (this.#failuresInARow >= FAILURES_IN_A_ROW_MAX) {
      this.#cut(failure(
        `${FAILURES_IN_A_ROW_MAX} discussions in a row could not go on; the last one: ${error.message}`,
      ));
    }
    this.#notify({ kind: "set-aside", discussion, reason: error.message });
  }

  #cut(cutShort: CutShort): void {
    this.#cutShort ??= cutShort;
    this.#cutting.abort();
  }

  #notify(notice: RunNotice): void {
    this.#options.notify?.(notice);
  }
}
