/** One discussion, driven through the ports. */
import {
  type DiscussionDesign,
  type DiscussionEvent,
  type ModelSpec,
  namingRunLog,
  type PendingEvent,
} from "../events/mod.ts";
import {
  answered,
  type AskStep,
  BrokenRule,
  decide,
  type DiscussionState,
  evolve,
  failed,
  initialState,
  leavingOut,
  type OpenState,
  READING_VERSION,
  type Rules,
  type Step,
} from "../discussion/mod.ts";
import type { Clock } from "../ports/clock.ts";
import type { EventStore } from "../ports/event_store.ts";
import type { ModelError } from "../ports/model.ts";
import { type Asked, askModel, failureMeta, type LimitedModel } from "./request.ts";
import type { RetryPolicy } from "./limits.ts";
import { damagedAt, evolveLogged, readStream, StreamWriter } from "./stream.ts";
import { OWN_PLACE, type Place } from "./waits.ts";

/** What discussions are held with. */
export type Environment = Readonly<{
  store: EventStore;
  /** Looks a model up by its name in the design, and by what the design says of it. */
  models: (name: string, spec: ModelSpec) => LimitedModel;
  rules: Rules;
  clock: Clock;
  retry: RetryPolicy;
  /** The hash of the head of the run's log, which new discussions name; none for those that belong to no run. */
  runLog?: string;
}>;

/** The first event of a log. It names the run's log, so that what was declared then cannot be changed unseen. */
export function openingOf(design: DiscussionDesign, { runLog }: Pick<Environment, "runLog">): PendingEvent {
  const event = { type: "DiscussionOpened", data: design } as const;
  return runLog === undefined ? { event } : { event, meta: namingRunLog(runLog) };
}

/** What one advance came to. */
export type Advance = Readonly<{
  /** What was recorded, durably, in this order. */
  events: readonly DiscussionEvent[];
  /** The request's error, where it ended in one: the discussion stays where it was. */
  error?: ModelError;
  /** Who was asked, by the name in the design; left out where nobody was. */
  model?: string;
}>;

const NEVER = new AbortController().signal;

/** The discussion that a caller steps through. Its log is written as it goes. */
export class Discussion implements AsyncIterable<DiscussionEvent> {
  /** The stream's name. */
  readonly id: string;
  readonly #environment: Environment;
  #state: DiscussionState = initialState;
  readonly #writer: StreamWriter;
  /** The next question, where it has been worked out already; `null` for none, since the discussion has ended. */
  #next: AskStep | null | undefined;
  /** Gives up the request in flight when the discussion is ended from outside. */
  readonly #over = new AbortController();
  #giveUp: Readonly<{ signal: AbortSignal; either: AbortSignal }> = {
    signal: NEVER,
    either: this.#over.signal,
  };

  private constructor(id: string, environment: Environment) {
    this.id = id;
    this.#environment = environment;
    const { store, clock, rules: { sha256 } } = environment;
    this.#writer = new StreamWriter(id, { store, clock, sha256 });
  }

  /**
   * Opens a discussion: goes on where its stream ends, or begins it.
   *
   * @param design What is to be held. A stream that exists goes on by the design in its own first event.
   * @param environment Store, models, rules, clock.
   * @throws {DamagedStream} When the stream is damaged, holds events that cannot follow on each other, or is a branch
   * whose beginning was cut short.
   */
  static async open(design: DiscussionDesign, environment: Environment): Promise<Discussion> {
    const discussion = new Discussion(design.id, environment);
    const { store, rules } = environment;
    for await (const envelope of readStream(store, design.id, rules.sha256)) {
      discussion.#state = evolveLogged(discussion.#state, envelope, { evolve, store });
      discussion.#writer.pass(envelope);
    }
    refuseCutShort(discussion.#state, discussion.length, store);
    if (discussion.#state.phase === "unopened") {
      // The first append also holds what follows from the opening: see `#settled`.
      const opening = openingOf({ reading: READING_VERSION, ...design }, environment);
      discussion.#state = evolve(initialState, opening.event);
      discussion.#writer.push(opening);
    }
    return discussion;
  }

  /** What the discussion has come to. */
  get state(): OpenState {
    return this.#state as OpenState;
  }

  /** Whether the discussion has ended, and its log says so. */
  get ended(): boolean {
    return this.#state.phase === "ended" && this.#writer.isWritten;
  }

  /** How many events the stream holds. */
  get length(): number {
    return this.#writer.length;
  }

  /**
   * Takes the discussion one answer further: records what follows by itself, asks whoever is to be asked, and
   * resolves when the answer is durable.
   *
   * @param signal Gives up a request that is in flight; nothing is recorded of it.
   * @param stop Lets a request that is in flight be answered, but begins none, and waits for none that failed.
   * @param place Is left to others while the discussion waits for the model.
   * @returns What was recorded; no events when the discussion has ended, or was stopped before anybody was asked.
   * @throws {BrokenRule} When a rule of the researcher's own breaks.
   * @throws {StoreError} When the answer could not be made durable.
   */
  async advance(
    signal: AbortSignal = NEVER,
    stop: AbortSignal = NEVER,
    place: Place = OWN_PLACE,
  ): Promise<Advance> {
    const { models, clock, retry } = this.#environment;
    const step = this.#next === undefined ? this.#settled() : this.#next;
    if (step === null) return { events: await this.#writer.write() };
    const before = await this.#writer.write();
    // `stop()` or `abort()` was called while that was written.
    if (this.#state.phase === "ended") return { events: before };
    const model = models(step.model, this.state.design.models[step.model]!);
    const leavingOut = (comments: number) => this.#leavingOut(step, comments);
    const options = { leavingOut, clock, retry, signal: this.#orOver(signal), stop, place };
    let asked: Asked<AskStep> | null = null;
    try {
      asked = await askModel(model, step, options);
    } catch (reason) {
      if (reason !== this.#over.signal.reason) throw reason;
    }
    // What arrives after the end is not part of the discussion.
    if (asked === null || this.#over.signal.aborted) return { events: before };
    if ("error" in asked) {
      const { error, trace } = asked;
      this.#record({ event: failed(step, error), meta: failureMeta(error, trace) });
      return { events: [...before, ...await this.#writer.write()], error, model: step.model };
    }
    this.#record({ event: answered(this.state, asked.sent, asked.reply), meta: asked.trace });
    this.#next = undefined;
    try {
      // What follows from the answer shares its append: the end of a discussion costs no write of its own.
      this.#next = this.#settled();
    } catch (error) {
      // The answer is kept and told all the same; the next step finds the rule broken again.
      if (!(error instanceof BrokenRule)) throw error;
    }
    const events = await this.#writer.write();
    return { events: before.length === 0 ? events : [...before, ...events], model: step.model };
  }

  /**
   * Ends the discussion early, as finished: the caller's own rule says that it has come to its end. It can be called at
   * any moment: what an `advance()` is writing then is kept, and a request that is in flight is given up.
   *
   * @param note Why, in the caller's words.
   * @returns What was recorded, durably.
   */
  async stop(note: string): Promise<readonly DiscussionEvent[]> {
    const { turn: turns, comments } = this.state;
    return await this.#endWith({
      type: "DiscussionCompleted",
      data: { reason: "stopped-early", turns, comments, note },
    });
  }

  /**
   * Gives the discussion up: its log says that it is not to be used as a finished discussion.
   *
   * @param reason Why, in the caller's words.
   * @returns What was recorded, durably.
   */
  async abort(reason: string): Promise<readonly DiscussionEvent[]> {
    const { turn: turns, comments } = this.state;
    return await this.#endWith({ type: "DiscussionAborted", data: { reason, turns, comments } });
  }

  /**
   * Steps through what is still to happen, one event at a time. Leaving the loop leaves the discussion resumable.
   *
   * @throws {ModelError} When a request fails for good; iterating again asks again.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<DiscussionEvent, void, void> {
    while (!this.ended) {
      const { events, error } = await this.advance();
      yield* events;
      if (error !== undefined) throw error;
    }
  }

  async #endWith(event: DiscussionEvent): Promise<readonly DiscussionEvent[]> {
    if (this.#state.phase !== "ended") {
      this.#record({ event });
      this.#next = null;
      this.#over.abort();
    }
    return await this.#writer.write();
  }

  /** The caller's signal, or the end of the discussion; made once for calls with the same signal. */
  #orOver(signal: AbortSignal): AbortSignal {
    if (signal !== this.#giveUp.signal) {
      this.#giveUp = { signal, either: AbortSignal.any([signal, this.#over.signal]) };
    }
    return this.#giveUp.either;
  }

  #leavingOut(step: AskStep, comments: number): AskStep | null {
    return leavingOut(this.state, step, { comments, rules: this.#environment.rules });
  }

  /** Records what follows by itself; the question that comes after it, or `null` at the end. */
  #settled(): AskStep | null {
    for (;;) {
      const step: Step = decide(this.#state, this.#environment.rules);
      if (step.kind === "ended") return null;
      if (step.kind === "ask") return step;
      this.#record({ event: step.event });
    }
  }

  #record(pending: PendingEvent): void {
    this.#state = evolve(this.#state, pending.event);
    this.#writer.push(pending);
  }
}

/** A branch begins with one large append, which a kill can cut short: what would go on from there is another branch. */
function refuseCutShort(state: DiscussionState, length: number, store: EventStore): void {
  if (state.phase === "unopened") return;
  const { id, forkedFrom } = state.design;
  if (forkedFrom === undefined || length > forkedFrom.events) return;
  const message = `the branch of "${forkedFrom.stream}" was cut short: it took over ${length - 1} of ` +
    `${forkedFrom.events} events; delete it and branch again`;
  throw damagedAt(id, { store, seq: length, message });
}
