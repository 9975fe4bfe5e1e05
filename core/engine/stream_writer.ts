/** The end of a stream, where what was decided becomes durable. */
import { type ChainEnd, EMPTY_CHAIN, encodeEvent } from "../events/codec.ts";
import type { DiscussionEvent, Envelope, PendingEvent } from "../events/mod.ts";
import type { Clock } from "../ports/clock.ts";
import type { EventStore } from "../ports/event_store.ts";
import type { Sha256 } from "../sha256.ts";

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
