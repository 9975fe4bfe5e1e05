/** Reads the events of a discussion in answers of limited size. */
import { DamagedStream, readStreamAfter } from "../../../core/engine/mod.ts";
import { type ChainEnd, EMPTY_CHAIN } from "../../../core/events/codec.ts";
import type { Envelope } from "../../../core/events/mod.ts";
import type { EventStore } from "../../../core/ports/mod.ts";
import { nativeSha256 } from "../../system.ts";
import type { EventsAnswer } from "../api.ts";

/** The limit of one answer, in characters. Only a single event can be longer. */
export const ANSWER_CHARS_MAX = 4_000_000;

/**
 * The ends of this many answers are remembered, so that the next answer need not check the earlier events
 * again.
 */
const ENDS_MAX = 1_000;

/** Reads the discussions of one run. */
export class EventReader {
  readonly #store: EventStore;
  readonly #charsMax: number;
  readonly #ends = new Map<string, ChainEnd>();

  /** @param charsMax The limit of an answer, in characters. */
  constructor(store: EventStore, charsMax = ANSWER_CHARS_MAX) {
    this.#store = store;
    this.#charsMax = charsMax;
  }

  /**
   * Reads events from a sequence number on.
   *
   * @throws {StoreError} If the store itself fails, so that no stream can be read.
   */
  async read(stream: string, from: number): Promise<EventsAnswer> {
    const end = from === 0 ? EMPTY_CHAIN : this.#ends.get(endName(stream, from)) ?? EMPTY_CHAIN;
    const events: Envelope[] = [];
    let chars = 0;
    let isEnd = true;
    let damage: string | null = null;
    try {
      for await (const envelope of readStreamAfter(this.#store, { stream, end }, nativeSha256)) {
        if (envelope.seq < from) continue;
        const length = JSON.stringify(envelope).length;
        if (events.length > 0 && chars + length > this.#charsMax) {
          isEnd = false;
          break;
        }
        events.push(envelope);
        chars += length;
      }
    } catch (error) {
      if (!(error instanceof DamagedStream)) throw error;
      damage = error.message;
    }
    const last = events.at(-1);
    if (last !== undefined) this.#remember(stream, { seq: last.seq + 1, hash: last.hash });
    return { events, next: from + events.length, isEnd, damage };
  }

  #remember(stream: string, end: ChainEnd): void {
    const name = endName(stream, end.seq);
    this.#ends.delete(name);
    this.#ends.set(name, end);
    const [oldest] = this.#ends.keys();
    if (this.#ends.size > ENDS_MAX) this.#ends.delete(oldest!);
  }
}

function endName(stream: string, seq: number): string {
  return `${seq} ${stream}`;
}
