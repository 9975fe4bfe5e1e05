/** Reads a stream back as events, and refuses a damaged one. */
import { type ChainEnd, DamagedLine, type DamageKind, decodeLine, EMPTY_CHAIN } from "../events/codec.ts";
import { type DiscussionEvent, type Envelope, eventOf } from "../events/mod.ts";
import type { EventStore } from "../ports/event_store.ts";
import type { Sha256 } from "../sha256.ts";

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
