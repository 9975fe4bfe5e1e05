import {
  type ChainEnd,
  DamagedLine,
  type DamageKind,
  decodeLine,
  EMPTY_CHAIN,
  encodeEvent,
} from "../events/codec.ts";
import { type DiscussionEvent, type Envelope, eventOf, type PendingEvent } from "../events/mod.ts";
import type { EventStore } from "../ports/event_store.ts";
import type { Sha256 } from "../sha256.ts";
import type { Clock } from "../ports/clock.ts";

/** Reads a stream back as events, and refuses a damaged one. */

/** A stream is not what was written to it. */
export class DamagedStream extends Error {
  /** Tells this error from others. */
  override readonly name = "DamagedStream";
  /** The stream's name. */
  readonly stream: string;
  /** The first damaged line, from 1. */
  readonly lineNumber: number;
  /** What is wrong with it. */
  readonly kind: DamageKind;

  /**
   * Names the place.
   *
   * @param stream The stream's name.
   * @param place The number of the first damaged line, and the file where the store has files.
   * @param damage What is wrong with it.
   */
  constructor(stream: string, place: { lineNumber: number; file?: string }, damage: DamagedLine) {
    const where = place.file === undefined ? "" : ` of "${place.file}"`;
    super(`Cannot read "${stream}": line ${place.lineNumber}${where} is damaged: ${damage.message}`, {
      cause: damage,
    });
    this.stream = stream;
    this.lineNumber = place.lineNumber;
    this.kind = damage.kind;
  }
}

/**
 * The events of a stream, oldest first, each checked against the chain.
 *
 * @param store The store.
 * @param stream The stream's name; one that does not exist has no events.
 * @param sha256 The hash function.
 * @throws {DamagedStream} At the first line that is damaged, after all events before it.
 */
export async function* readStream(
  store: EventStore,
  stream: string,
  sha256: Sha256,
): AsyncGenerator<Envelope> {
  let end: ChainEnd = EMPTY_CHAIN;
  try {
    for await (const line of store.read(stream)) {
      const envelope = decodeLine(line, end, sha256);
      if (envelope.stream !== stream) {
        throw new DamagedLine("wrong-place", `the line belongs to the stream "${envelope.stream}"`);
      }
      end = { seq: end.seq + 1, hash: envelope.hash };
      yield envelope;
    }
  } catch (error) {
    if (!(error instanceof DamagedLine)) throw error;
    const file = store.locate?.(stream);
    throw new DamagedStream(
      stream,
      { lineNumber: end.seq + 1, ...(file === undefined ? {} : { file }) },
      error,
    );
  }
}

/**
 * Folds an event of a log into a state; one that cannot follow on the others is damage.
 *
 * @throws {DamagedStream} When the event cannot follow.
 */
export function evolveLogged<State>(
  state: State,
  envelope: Envelope,
  { evolve, store }: Readonly<{
    evolve: (state: State, event: DiscussionEvent) => State;
    store: EventStore;
  }>,
): State {
  try {
    return evolve(state, eventOf(envelope));
  } catch (error) {
    // An event without what it must hold is no event that can follow.
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    throw damagedAt(envelope.stream, { store, seq: envelope.seq, message: error.message });
  }
}

/** What says that the event at a place of a stream cannot be there. */
export function damagedAt(
  stream: string,
  { store, seq, message }: Readonly<{ store: EventStore; seq: number; message: string }>,
): DamagedStream {
  const file = store.locate?.(stream);
  const place = { lineNumber: seq + 1, ...(file === undefined ? {} : { file }) };
  return new DamagedStream(stream, place, new DamagedLine("wrong-order", message));
}

/** The end of a stream, where what was decided becomes durable. */

/** What a stream is written with. */
export type WriterContext = Readonly<{ store: EventStore; clock: Clock; sha256: Sha256 }>;

/** Appends to one stream. */
export class StreamWriter {
  readonly #stream: string;
  readonly #context: WriterContext;
  #end: ChainEnd = EMPTY_CHAIN;
  /** Decided, but not durable yet. */
  readonly #unwritten: PendingEvent[] = [];
  /** The append that is under way; it resolves when that is over. */
  #appending: Promise<void> | null = null;

  /**
   * Begins at the stream's beginning.
   *
   * @param stream The stream's name.
   * @param context Store, clock, hash function.
   */
  constructor(stream: string, context: WriterContext) {
    this.#stream = stream;
    this.#context = context;
  }

  /** How many events the stream holds. */
  get length(): number {
    return this.#end.seq;
  }

  /** Whether everything that was decided is durable. */
  get isWritten(): boolean {
    return this.#unwritten.length === 0;
  }

  /** Moves past an event that the stream holds already. */
  pass({ seq, hash }: Envelope): void {
    this.#end = { seq: seq + 1, hash };
  }

  /** Takes an event that is to be written. */
  push(pending: PendingEvent): void {
    this.#unwritten.push(pending);
  }

  /**
   * Makes what was taken durable, in one append. Appends wait for each other, so that a stream can be ended while
   * something is written to it.
   *
   * @returns What was written.
   * @throws {StoreError} When it could not be made durable; the next call tries again.
   */
  async write(): Promise<readonly DiscussionEvent[]> {
    while (this.#appending !== null) await this.#appending;
    if (this.#unwritten.length === 0) return [];
    const { store, clock, sha256 } = this.#context;
    const lines: string[] = [];
    let end = this.#end;
    for (const pending of this.#unwritten) {
      const sealed = encodeEvent(this.#stream, end, { pending, atMs: clock.now(), sha256 });
      lines.push(sealed.line);
      end = sealed.end;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#appending = promise;
    try {
      await store.append(this.#stream, this.#end.seq, lines);
      this.#end = end;
      return this.#unwritten.splice(0, lines.length).map(({ event }) => event);
    } finally {
      this.#appending = null;
      resolve();
    }
  }
}
