/** Reads a stream as events, refuses a damaged stream, and appends events. */
import { DamagedLine, type DamageKind } from "../events/event_type.ts";
import { type ChainEnd, decodeLine, EMPTY_CHAIN, encodeEvent, type StoredLine } from "../events/codec.ts";
import { type DiscussionEvent, type Envelope, eventOf, type PendingEvent } from "../events/mod.ts";
import { opened, sealed, sealedWords } from "../people/mod.ts";
import type { EventStore } from "../ports/event_store.ts";
import type { PersonKey, PersonKeys } from "../ports/person_keys.ts";
import type { Sha256 } from "../sha256.ts";
import type { Clock } from "../ports/clock.ts";

/** A log is damaged: it differs from the log that was written. */
export class DamagedStream extends Error {
  /** Identifies errors of this class. */
  override readonly name = "DamagedStream";
  /** The stream's name. */
  readonly stream: string;
  /** The number of the first damaged line, from 1. */
  readonly lineNumber: number;
  /** The kind of damage. */
  readonly kind: DamageKind;

  /** Names the damaged line, and its file if the store has files. */
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
 * Reads the events of a stream, oldest first, and checks each against the hash chain. A missing stream has no events.
 *
 * @throws {DamagedStream} At the first damaged line, after all events before it.
 */
export function readStream(store: EventStore, stream: string, sha256: Sha256): AsyncGenerator<Envelope> {
  return readStreamAfter(store, { stream, end: EMPTY_CHAIN }, sha256);
}

/**
 * Reads only the new events of a stream: those after an end that was reached before.
 *
 * @param after The stream, and its end at the time of the earlier reading.
 * @throws {DamagedStream} At the first damaged line. Also if an event before the given end has changed.
 */
export async function* readStreamAfter(
  store: EventStore,
  after: Readonly<{ stream: string; end: ChainEnd }>,
  sha256: Sha256,
): AsyncGenerator<Envelope> {
  const reader = new StreamReader(store, after, sha256);
  try {
    for await (const line of store.read(after.stream, after.end.seq)) {
      const envelope = reader.next(line);
      yield sealedWords(envelope) === undefined ? envelope : await reader.opened(envelope);
    }
  } catch (error) {
    throw reader.failure(error);
  }
}

/**
 * Reads the same events as `readStream()`, many at a time if the store can read many lines at a time. This is faster for
 * readers that need all events.
 *
 * @throws {DamagedStream} At the first damaged line, after all events before it.
 */
export async function* readStreamInPieces(
  store: EventStore,
  stream: string,
  sha256: Sha256,
): AsyncGenerator<readonly Envelope[]> {
  const reader = new StreamReader(store, { stream, end: EMPTY_CHAIN }, sha256);
  let events: Envelope[] = [];
  try {
    for await (const lines of store.readInPieces?.(stream) ?? oneByOne(store.read(stream))) {
      events = [];
      for (const line of lines) {
        const envelope = reader.next(line);
        events.push(sealedWords(envelope) === undefined ? envelope : await reader.opened(envelope));
      }
      yield events;
      events = [];
    }
  } catch (error) {
    if (events.length > 0) yield events;
    throw reader.failure(error);
  }
}

async function* oneByOne(lines: AsyncIterable<StoredLine>): AsyncGenerator<readonly StoredLine[]> {
  for await (const line of lines) yield [line];
}

/** Reads the lines of a stream, each after the one before. */
class StreamReader {
  readonly #store: EventStore;
  readonly #stream: string;
  readonly #sha256: Sha256;
  /** Decrypts the words of an event. */
  readonly opened: (envelope: Envelope) => Promise<Envelope>;
  #end: ChainEnd;

  constructor(
    store: EventStore,
    { stream, end }: Readonly<{ stream: string; end: ChainEnd }>,
    sha256: Sha256,
  ) {
    this.#store = store;
    this.#stream = stream;
    this.#end = end;
    this.#sha256 = sha256;
    this.opened = openingWords(store.keys);
  }

  /**
   * The event of the next line.
   *
   * @throws {DamagedLine} When the line is damaged.
   */
  next(line: StoredLine): Envelope {
    const envelope = decodeLine(line, this.#end, this.#sha256);
    if (envelope.stream !== this.#stream) {
      throw new DamagedLine("wrong-place", `the line belongs to the stream "${envelope.stream}"`);
    }
    this.#end = { seq: this.#end.seq + 1, hash: envelope.hash };
    return envelope;
  }

  /** The error to throw: for a damaged line, one that names the line. */
  failure(error: unknown): unknown {
    if (!(error instanceof DamagedLine)) return error;
    return damaged(this.#stream, { store: this.#store, lineNumber: this.#end.seq + 1 }, error);
  }
}

/**
 * Returns a function that decrypts the words of people. It looks up each key only once. So, if a person
 * withdraws during the reading, all events still have the words, or none has.
 */
function openingWords(keys: PersonKeys | undefined): (envelope: Envelope) => Promise<Envelope> {
  const known = new Map<string, PersonKey>();
  return async (envelope) => {
    const { person } = sealedWords(envelope)!;
    const key = known.has(person) ? known.get(person)! : await keys?.look(person) ?? null;
    known.set(person, key);
    return opened(envelope, key);
  };
}

/** Folds an event of a log into a state. An event that cannot follow the events before it is damage. */
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
    // A TypeError means that the event lacks a member. This is damage, too.
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    throw damagedAt(envelope.stream, { store, seq: envelope.seq, message: error.message });
  }
}

/** The error for an event that cannot follow the events before it. */
export function damagedAt(
  stream: string,
  { store, seq, message }: Readonly<{ store: EventStore; seq: number; message: string }>,
): DamagedStream {
  return damaged(stream, { store, lineNumber: seq + 1 }, new DamagedLine("wrong-order", message));
}

function damaged(
  stream: string,
  { store, lineNumber }: Readonly<{ store: EventStore; lineNumber: number }>,
  damage: DamagedLine,
): DamagedStream {
  const file = store.locate?.(stream);
  return new DamagedStream(stream, { lineNumber, ...(file === undefined ? {} : { file }) }, damage);
}

type WriterContext = Readonly<{ store: EventStore; clock: Clock; sha256: Sha256 }>;

/** Collects the events of one stream, and appends them. */
export class StreamWriter {
  readonly #stream: string;
  readonly #context: WriterContext;
  #end: ChainEnd = EMPTY_CHAIN;
  /** Events that are not durable yet. */
  readonly #unwritten: PendingEvent[] = [];
  /** Resolves when the current append is over. */
  #appending: Promise<void> | null = null;

  /** Starts at the beginning of the stream; `pass()` moves past existing events. */
  constructor(stream: string, context: WriterContext) {
    this.#stream = stream;
    this.#context = context;
  }

  get length(): number {
    return this.#end.seq;
  }

  /** Whether all collected events are durable. */
  get isWritten(): boolean {
    return this.#unwritten.length === 0;
  }

  /** Moves past an event that is already in the stream. */
  pass({ seq, hash }: Envelope): void {
    this.#end = { seq: seq + 1, hash };
  }

  push(pending: PendingEvent): void {
    this.#unwritten.push(pending);
  }

  /**
   * Makes the collected events durable, in one append. The words of people are encrypted first. Appends wait for each
   * other, so that a stream can be ended while another append is in progress.
   *
   * @returns The written events.
   * @throws {StoreError} If they could not be made durable. The next call tries again.
   */
  async write(): Promise<readonly DiscussionEvent[]> {
    while (this.#appending !== null) await this.#appending;
    if (this.#unwritten.length === 0) return [];
    const { store, clock, sha256 } = this.#context;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#appending = promise;
    try {
      const lines: string[] = [];
      let end = this.#end;
      for (const pending of this.#unwritten.slice()) {
        const kept = pending.person === undefined ? pending : await this.#sealed(pending, end.seq);
        const encoded = encodeEvent(this.#stream, end, { pending: kept, atMs: clock.now(), sha256 });
        lines.push(encoded.line);
        end = encoded.end;
      }
      await store.append(this.#stream, this.#end.seq, lines);
      this.#end = end;
      return this.#unwritten.splice(0, lines.length).map(({ event }) => event);
    } finally {
      this.#appending = null;
      resolve();
    }
  }

  async #sealed({ event, meta, person }: PendingEvent, seq: number): Promise<PendingEvent> {
    const { keys } = this.#context.store;
    if (keys === undefined) return { event, meta };
    const key = await keys.make(person!);
    return { event: sealed(event, { stream: this.#stream, seq, person: person!, key }), meta };
  }
}
