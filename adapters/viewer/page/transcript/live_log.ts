/**
 * The log of a discussion in the page. Its events become slots as they arrive, also while the discussion is
 * running.
 */
import {
  type Annotation,
  type DiscussionSlots,
  evolve,
  type Failure,
  initialState,
  result,
  type SlotsState,
} from "../../../../analysis/projections/mod.ts";
import type { Envelope } from "../../../../core/events/mod.ts";

/** A failed request, and its event. */
export type LoggedFailure = Readonly<{ failure: Failure; envelope: Envelope }>;

/** The events of one discussion, and the slots that they make. Each event is read only once. */
export class LiveLog {
  readonly #events: Envelope[] = [];
  readonly #slotEvents: Envelope[] = [];
  readonly #annotationEvents = new Map<Annotation, Envelope>();
  readonly #failures = new Map<number, LoggedFailure[]>();
  #state: SlotsState = initialState();

  /**
   * Adds the events that are new. Events that are already in the log are skipped.
   *
   * @throws {RangeError} When an event is missing, or the log does not continue the events that were read before.
   */
  add(events: readonly Envelope[]): void {
    for (const event of events) {
      const known = this.#events[event.seq];
      if (known !== undefined) {
        if (known.hash === event.hash) continue;
        throw new RangeError(`Cannot continue the log: event ${event.seq} has changed`);
      }
      if (event.seq !== this.#events.length) {
        throw new RangeError(
          `Cannot continue the log: event ${this.#events.length} is missing before event ${event.seq}`,
        );
      }
      this.#fold(event);
    }
  }

  #fold(event: Envelope): void {
    const before = counts(this.#state);
    this.#state = evolve(this.#state, event);
    const { slots, annotations, failures } = this.#state;
    this.#events.push(event);
    if (slots.length > before.slots) this.#slotEvents.push(event);
    if (annotations.length > before.annotations) this.#annotationEvents.set(annotations.at(-1)!, event);
    if (failures.length > before.failures) {
      const failure = failures.at(-1)!;
      // The request is sent again, so the failure belongs to the next slot.
      if (failure.pass === null) {
        const position = slots.length;
        const others = this.#failures.get(position);
        if (others === undefined) this.#failures.set(position, [{ failure, envelope: event }]);
        else others.push({ failure, envelope: event });
      }
    }
  }

  /** The number of events so far; also the sequence number of the next event. */
  get length(): number {
    return this.#events.length;
  }

  get events(): readonly Envelope[] {
    return this.#events;
  }

  /** The content so far; `null` as long as no discussion was opened. */
  get content(): DiscussionSlots | null {
    return result(this.#state);
  }

  /** What contradicts the order of events; `null` if nothing does. */
  get problem(): string | null {
    return this.#state.problem;
  }

  /** The event that made a slot. */
  eventOfSlot(position: number): Envelope | undefined {
    return this.#slotEvents[position];
  }

  /** The event of an annotator's reply. */
  eventOfAnnotation(annotation: Annotation): Envelope | undefined {
    return this.#annotationEvents.get(annotation);
  }

  /**
   * The failed requests before a slot. For the position after the last slot: requests that were not sent
   * again yet.
   */
  failuresBefore(position: number): readonly LoggedFailure[] {
    return this.#failures.get(position) ?? [];
  }
}

function counts({ slots, annotations, failures }: SlotsState) {
  return { slots: slots.length, annotations: annotations.length, failures: failures.length };
}
