/** Runs one discussion: decides the next step, asks the model, and records the answer. */
import {
  type DiscussionDesign,
  type DiscussionEvent,
  eventOf,
  type ForkOrigin,
  namingRunLog,
  type PendingEvent,
} from "../events/mod.ts";
import {
  answered,
  type AskStep,
  BrokenRule,
  decide,
  type DiscussionState,
  dueIntervention,
  evolve,
  failed,
  initialState,
  leavingOut,
  type OpenState,
  READING_VERSION,
  situationOf,
  type Step,
  withoutWords,
} from "../discussion/mod.ts";
import { seatOf } from "../people/mod.ts";
import { TemplateError } from "../templates/mod.ts";
import type { Advance, Environment } from "./environment.ts";
import { type Asked, askModel, failureMeta } from "./request.ts";
import { damagedAt, evolveLogged, readStream, StreamWriter } from "./stream.ts";
import { NEVER, OWN_PLACE, type Place } from "./waits.ts";
import { lockedPerson, speakerOf, Withdrawals, withoutKey } from "./withdrawals.ts";

/** The first event of a log. Its hash of the run log reveals later changes of the declaration. */
function openingOf(design: DiscussionDesign, { runLog }: Pick<Environment, "runLog">): PendingEvent {
  const event = { type: "DiscussionOpened", data: design } as const;
  return runLog === undefined ? { event } : { event, meta: namingRunLog(runLog) };
}

/** A discussion that the caller advances step by step. Its log is written as it proceeds. */
export class Discussion implements AsyncIterable<DiscussionEvent> {
  /** The name of its stream. */
  readonly id: string;
  readonly #environment: Environment;
  #state: DiscussionState = initialState;
  #isResumed = false;
  readonly #writer: StreamWriter;
  /** The speakers who are people. */
  readonly #withdrawals: Withdrawals<string>;
  /** The next question; `null` if the discussion has ended, `undefined` if this is not known yet. */
  #next: AskStep | null | undefined;
  /** Aborts the request in flight if the caller ends the discussion. */
  readonly #over = new AbortController();
  #signals: Readonly<{ signal: AbortSignal; either: AbortSignal }> = {
    signal: NEVER,
    either: this.#over.signal,
  };

  private constructor(id: string, environment: Environment) {
    this.id = id;
    this.#environment = environment;
    const { store, clock, rules: { sha256 } } = environment;
    this.#writer = new StreamWriter(id, { store, clock, sha256 });
    this.#withdrawals = new Withdrawals(store.keys);
  }

  /**
   * Begins or resumes a discussion.
   *
   * A new branch first copies its past. If a kill interrupts this, the next start copies the rest.
   *
   * @param design The design of a new discussion. An existing stream keeps the design in its first event.
   * @throws {DamagedStream} If the stream is damaged, or has events in an impossible order. Also if it is a
   *   branch that lacks events of its past, and the past is not known.
   * @throws {RangeError} If the past of a new branch is not known, or the branch's design contradicts it.
   * @throws {RunError} If the discussion has not ended, and the run lacks the key of a person's words.
   */
  static async open(design: DiscussionDesign, environment: Environment): Promise<Discussion> {
    const discussion = new Discussion(design.id, environment);
    const { store, rules } = environment;
    let locked: string | null = null;
    for await (const envelope of readStream(store, design.id, rules.sha256)) {
      discussion.#state = evolveLogged(discussion.#state, envelope, { evolve, store });
      discussion.#writer.pass(envelope);
      if (envelope.person !== undefined) {
        discussion.#withdrawals.note(envelope.person, speakerOf(eventOf(envelope)));
      } else locked ??= lockedPerson(envelope);
    }
    if (locked !== null && discussion.#state.phase === "open") {
      throw withoutKey(`continue the discussion "${design.id}"`, locked);
    }
    discussion.#isResumed = discussion.length > 0;
    if (discussion.#state.phase === "unopened") {
      // The first append also contains the events that follow the opening: see `#settled()`.
      const opening = openingOf({ reading: READING_VERSION, ...design }, environment);
      discussion.#state = evolve(initialState, opening.event);
      discussion.#writer.push(opening);
    }
    // The past is made durable first. No step of this discussion could record it later.
    discussion.#copyPast();
    if (discussion.state.design.forkedFrom !== undefined) await discussion.#writer.write();
    discussion.#postInterventions();
    return discussion;
  }

  /** Whether the stream had events when the discussion was opened. */
  get isResumed(): boolean {
    return this.#isResumed;
  }

  /** The current state. */
  get state(): OpenState {
    return this.#state as OpenState;
  }

  /** Whether the discussion has ended and its last event is durable. */
  get ended(): boolean {
    return this.#state.phase === "ended" && this.#writer.isWritten;
  }

  /** How many events the stream has. */
  get length(): number {
    return this.#writer.length;
  }

  /**
   * Records the events that need no answer, asks the next speaker's model, and resolves when the answer is durable.
   *
   * @param signal Aborts a request in flight, without recording it.
   * @param stop Lets a request in flight finish, but sends no other request and no retry.
   * @param place The discussion frees this place while it waits for the model.
   * @returns The recorded events; no answer is among them if the discussion ended or was stopped.
   * @throws {BrokenRule} If a strategy or schedule fails.
   * @throws {TemplateError} If a prompt cannot be rendered.
   * @throws {StoreError} If the answer could not be made durable.
   */
  async advance(
    signal: AbortSignal = NEVER,
    stop: AbortSignal = NEVER,
    place: Place = OWN_PLACE,
  ): Promise<Advance> {
    const { models, rules, clock, retry } = this.#environment;
    if (!this.#withdrawals.isEmpty) this.#forgetWithdrawn();
    const step = this.#next === undefined ? this.#settled() : this.#next;
    if (step === null) return { events: await this.#writer.write() };
    const before = this.#writer.isWritten ? [] : await this.#writer.write();
    // `stop()` or `abort()` can be called during the write.
    if (this.#state.phase === "ended") return { events: before };
    const model = models(step.model, this.state.design.models[step.model]!);
    const person = model.asksPeople ? seatOf(this.id, step.request.origin.speaker) : undefined;
    const shorter = (comments: number) => leavingOut(this.state, step, { comments, rules });
    const situation = () => situationOf(this.state, step, rules);
    const options = {
      leavingOut: shorter,
      situation,
      clock,
      retry,
      signal: this.#orOver(signal),
      stop,
      place,
    };
    let asked: Asked<AskStep> | null = null;
    try {
      const ask = () => askModel(model, step, options);
      asked = await (person === undefined ? ask() : this.#withdrawals.asking(step, person, ask));
    } catch (reason) {
      if (reason !== this.#over.signal.reason) throw reason;
    }
    // An answer that comes after the end of the discussion is not recorded.
    if (asked === null || this.#over.signal.aborted) return { events: before };
    if ("error" in asked) {
      const { error, trace } = asked;
      this.#record({ event: failed(step, error), meta: failureMeta(error, trace) });
      return { events: [...before, ...await this.#writer.write()], error, model: step.model };
    }
    this.#record({
      event: answered(this.state, asked.sent, asked.reply),
      meta: asked.trace,
      ...(person === undefined ? {} : { person }),
    });
    this.#next = undefined;
    try {
      // The answer and the events after it are appended together, so that the end needs no extra write.
      this.#next = this.#settled();
    } catch (error) {
      // This step still records the answer. The next step throws the same error.
      if (!(error instanceof BrokenRule || error instanceof TemplateError)) throw error;
    }
    const events = await this.#writer.write();
    return { events: before.length === 0 ? events : [...before, ...events], model: step.model };
  }

  /**
   * Ends the discussion early; the log then shows it as completed. This can be called at any moment: an
   * append in progress is finished, and a request in flight is aborted. `note` is the reason, for people.
   */
  async stop(note: string): Promise<readonly DiscussionEvent[]> {
    const { turn: turns, comments } = this.state;
    return await this.#endWith({
      type: "DiscussionCompleted",
      data: { reason: "stopped-early", turns, comments, note },
    });
  }

  /** Ends the discussion early; the log then shows it as aborted, not as completed. */
  async abort(reason: string): Promise<readonly DiscussionEvent[]> {
    const { turn: turns, comments } = this.state;
    return await this.#endWith({ type: "DiscussionAborted", data: { reason, turns, comments } });
  }

  /**
   * Runs the discussion, and yields each new event. If the loop is left early, another loop continues the discussion.
   *
   * @throws {ModelError} If a request fails after all attempts. Iterating again asks again.
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

  /** A signal that aborts when `signal` aborts or the discussion ends. It is cached for each `signal`. */
  #orOver(signal: AbortSignal): AbortSignal {
    if (signal !== this.#signals.signal) {
      this.#signals = { signal, either: AbortSignal.any([signal, this.#over.signal]) };
    }
    return this.#signals.either;
  }

  /** Records the events of the past that the log lacks. */
  #copyPast(): void {
    const { design: { forkedFrom } } = this.state;
    const copied = Math.max(this.length - 1, 0);
    if (forkedFrom === undefined || copied >= forkedFrom.events) return;
    const past = this.#environment.past?.(forkedFrom) ?? null;
    if (past === null) throw this.#withoutPast(forkedFrom, copied);
    for (const pending of past.events.slice(copied)) this.#record(pending);
  }

  /** Posts interventions that the log lacks. After a kill or a past, a log can end before them. */
  #postInterventions(): void {
    while (this.#state.phase === "open") {
      const event = dueIntervention(this.#state);
      if (event === null) return;
      this.#record({ event });
    }
  }

  #withoutPast({ stream, events }: ForkOrigin, copied: number): Error {
    if (!this.#isResumed) {
      return new RangeError(
        `Cannot open the branch "${this.id}": its past, the discussion "${stream}", is missing`,
      );
    }
    const message = `the branch of "${stream}" was cut short: it took over ${copied} of ${events} events; ` +
      "delete it and branch again";
    return damagedAt(this.id, { store: this.#environment.store, seq: this.length, message });
  }

  /** Records the events that need no answer. Returns the next question; `null` at the end. */
  #settled(): AskStep | null {
    for (;;) {
      const step: Step = decide(this.#state, this.#environment.rules);
      if (step.kind === "ended") return null;
      if (step.kind === "ask") return step;
      this.#record({ event: step.event });
    }
  }

  /** Removes the words of people who withdrew from the state, and decides the next step again. */
  #forgetWithdrawn(): void {
    const speakers = new Set(this.#withdrawals.latest());
    if (speakers.size === 0 || this.#state.phase !== "open") return;
    this.#state = withoutWords(this.#state, speakers);
    this.#next = undefined;
  }

  #record(pending: PendingEvent): void {
    this.#state = evolve(this.#state, pending.event);
    const { event, person } = pending;
    if (person !== undefined) this.#withdrawals.note(person, speakerOf(event));
    this.#writer.push(pending);
  }
}
