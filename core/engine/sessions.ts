/** Works on many streams at the same time. One stream's failure never stops another. */
import { BrokenRule } from "../discussion/mod.ts";
import { ClaimLost } from "../ports/event_store.ts";
import { ModelError } from "../ports/model.ts";
import { TemplateError } from "../templates/mod.ts";
import type { Budget } from "./budget.ts";
import type { Advance } from "./environment.ts";
import { type Drawn, type Lane, Lanes, Places, SessionPlace } from "./lanes.ts";
import { CONCURRENCY_MAX, DEADLINE_GRACE_MS, OPEN_MAX } from "./limits.ts";
import { ModelPausedTooLong } from "./pause_causes.ts";
import type { CutShort, RunOutcome } from "./run_outcome.ts";
import { DamagedStream } from "./stream.ts";
import { NEVER, type Place } from "./waits.ts";
import type { Session, SessionEnd, SessionOptions, Work } from "./work.ts";

/** Errors that stop one stream, and leave the others as they are. */
const OF_ONE_STREAM = [BrokenRule, TemplateError, DamagedStream];

/**
 * Works on streams until each has ended or failed. If many streams of a lane fail in a row, the rest of the
 * lane is skipped. If the store fails, the work ends. While a stream waits for a model, other streams can
 * have its place.
 *
 * @param items The items. They are taken one at a time, so that many items need no more memory than a few.
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
  /** Wakes the loop that opens streams; `null` while this loop does not wait. */
  #wake: (() => void) | null = null;
  #thrown: Readonly<{ error: unknown }> | null = null;
  /** The next item, which was requested and has not come yet; `null` if no item was requested. */
  #drawing: Promise<IteratorResult<Item>> | null = null;
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
      await queue.return?.();
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

  /**
   * A run fails as a whole if no request was answered. This counts only if no stream had ended before. A
   * large run fails earlier, with its lanes.
   */
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
      this.#options.sharing?.postpone(this.#lanes.full);
      const next = this.#drawing ?? queue.next();
      const drawing = next instanceof Promise ? await this.#drawn(next) : next;
      if (drawing === null) continue;
      if (drawing.done) isExhausted = true;
      else {
        const drawn = { item: drawing.value, lane: this.#lanes.of(drawing.value) };
        if (drawn.lane.takesMore) return drawn;
        this.#lanes.defer(drawn);
      }
    }
    return null;
  }

  /**
   * Waits for an item; `null` if something changed before it came. An item can take long if other processes
   * have all the jobs.
   */
  async #drawn(drawing: Promise<IteratorResult<Item>>): Promise<IteratorResult<Item> | null> {
    this.#drawing = drawing;
    const drawn = await Promise.race([drawing, this.#changed()]);
    if (drawn === undefined) return null;
    this.#drawing = null;
    return drawn;
  }

  async #runOne(item: Item, lane: Lane<Item>): Promise<void> {
    const id = this.#work.idOf(item);
    const { sharing } = this.#options;
    const place = new SessionPlace(this.#places, () => this.#change());
    lane.began();
    let end: SessionEnd = { kind: "interrupted" };
    try {
      if (!this.#mustStop()) {
        if (sharing !== undefined) await sharing.claim(id);
        const session = await this.#work.open(item);
        end = session === null ? { kind: "skipped" } : await this.#advance(id, session, { lane, place });
      }
    } catch (error) {
      end = this.#endOf(id, lane, error);
    }
    if (sharing !== undefined) await sharing.settle(id, end).catch((error) => this.#throw(error));
    this.#work.release(id);
    lane.ended();
    place.end();
    this.#open--;
    this.#change();
  }

  #endOf(id: string, lane: Lane<Item>, error: unknown): SessionEnd {
    const { abort, sharing } = this.#options;
    const lost = sharing?.lost(id);
    if (error instanceof ClaimLost || (lost?.aborted && error === lost.reason)) return this.#lose(id);
    if (error instanceof ModelPausedTooLong) {
      lane.stopFor(error.message);
      return this.#leave(id, lane);
    }
    if (OF_ONE_STREAM.some((kind) => error instanceof kind)) return this.#fail(id, error as Error);
    if (abort?.aborted && error === abort.reason) this.#cut({ by: "caller" });
    else if (this.#late.signal.aborted && error === this.#late.signal.reason) this.#mustStop();
    else this.#throw(error);
    return { kind: "interrupted" };
  }

  async #advance(
    id: string,
    session: Session,
    { lane, place }: Readonly<{ lane: Lane<Item>; place: Place }>,
  ): Promise<SessionEnd> {
    if (session.ended) {
      this.#endedBefore++;
      this.#ended++;
      return { kind: "ended" };
    }
    const { abort, stop, lost, expiring } = this.#signalsOf(id, lane);
    while (!this.#mustStop()) {
      if (lost.aborted) return this.#lose(id);
      if (expiring.aborted) {
        this.#work.notify({ kind: "interrupted", discussion: id });
        break;
      }
      if (lane.stopped !== null) return this.#leave(id, lane);
      const { events, error, model }: Advance = await session.advance(abort, stop, place);
      this.#work.notify({ kind: "recorded", discussion: id, events });
      if (error !== undefined) {
        lane.failed(error, model!);
        return this.#fail(id, error);
      }
      if (model !== undefined) lane.answered(model);
      this.#hasProgress ||= events.length > 0 || model !== undefined;
      if (session.ended) {
        this.#ended++;
        this.#work.notify({ kind: "ended", discussion: id });
        return { kind: "ended" };
      }
    }
    return { kind: "interrupted" };
  }

  /**
   * The signals that end or interrupt the work on one stream. Only shared streams have `lost` and `expiring`.
   */
  #signalsOf(id: string, lane: Lane<Item>) {
    const { sharing } = this.#options;
    if (sharing === undefined) return { abort: this.#abort, stop: lane.stop, lost: NEVER, expiring: NEVER };
    const [lost, expiring] = [sharing.lost(id), sharing.expiring(id)];
    const abort = AbortSignal.any([this.#abort, lost]);
    return { abort, stop: AbortSignal.any([lane.stop, expiring]), lost, expiring };
  }

  #leave(discussion: string, lane: Lane<Item>): SessionEnd {
    lane.left++;
    this.#work.notify({ kind: "left", discussion });
    return { kind: "left", lane: lane.name };
  }

  #lose(discussion: string): SessionEnd {
    this.#work.notify({ kind: "lost", discussion });
    return { kind: "lost" };
  }

  #mustStop(): boolean {
    const { stop, budget } = this.#options;
    if (stop?.aborted) this.#cut({ by: "caller" });
    if (budget?.reached) this.#cut({ by: "budget", ...budget.reached });
    return this.#cutShort !== null;
  }

  #fail(discussion: string, error: Error): SessionEnd {
    this.#setAside++;
    if (error instanceof ModelError) {
      this.#lastError = error;
      this.#options.budget?.fail();
    }
    this.#work.notify({ kind: "set-aside", discussion, reason: error.message });
    return { kind: "failed", reason: error.message };
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

  /** Wakes the loop, because it can perhaps open another stream now. */
  #change(): void {
    this.#wake?.();
    this.#wake = null;
  }
}
