/** Reads the logs of a run for the index, and continues logs that have grown. */
import { type ListedLog, listLog, type LogFacts } from "../../../analysis/listing/mod.ts";
import { type PriceLookUp, type Slot } from "../../../analysis/projections/mod.ts";
import { evolve, initialState, result, type SlotsState } from "../../../analysis/projections/slots.ts";
import { DamagedStream, readStreamAfter } from "../../../core/engine/mod.ts";
import { type ChainEnd, EMPTY_CHAIN } from "../../../core/events/codec.ts";
import { type EventStore, StoreError, type StreamSize } from "../../../core/ports/mod.ts";
import { nativeSha256 } from "../../system.ts";
import type { ReadForIndex, SlotTexts } from "./index_file.ts";
import { packLog } from "./packed_log.ts";

/** At most this many unfinished logs, and this many bytes of them, stay in memory, so that they can be continued. */
const HELD_MAX = 256;
const HELD_BYTES_MAX = 64 * 1024 * 1024;

/** The part of a log that was read so far. */
type Held = {
  state: SlotsState;
  end: ChainEnd;
  hashes: string[];
  size: number;
  /**
   * The positions of slots with a person's words. These are not indexed, so that a withdrawal does not change
   * the index.
   */
  people: Set<number>;
};

/** Reads the logs of one run. */
export class LogReader {
  readonly #run: Readonly<{ name: string; store: EventStore; pricesFor: PriceLookUp }>;
  /** The least recently read log comes first. */
  readonly #held = new Map<string, Held>();
  #heldBytes = 0;

  /** Reads nothing yet. */
  constructor(run: Readonly<{ name: string; store: EventStore; pricesFor: PriceLookUp }>) {
    this.#run = run;
  }

  /**
   * Reads a log to its end, or to its first damage. If the log was read before and the hashes still fit, only
   * the new events are read.
   *
   * @param from The run's store, or a store that reads the logs of this run ahead.
   * @throws {StoreError} If the store itself fails, so that no log can be read.
   */
  async read({ stream, size }: StreamSize, from: EventStore): Promise<ReadForIndex> {
    const held = this.#take(stream);
    if (held !== undefined) {
      const read = await this.#read(stream, held, { size, from }).catch((error) => {
        if (error instanceof StoreError) return null;
        throw error;
      });
      if (read !== null && read.damage === null) return read.log;
      this.#run.store.release(stream);
    }
    return (await this.#read(stream, newLog(), { size, from })).log;
  }

  async #read(
    stream: string,
    held: Held,
    { size, from }: Readonly<{ size: number; from: EventStore }>,
  ): Promise<{ log: ReadForIndex; damage: string | null }> {
    const { store } = this.#run;
    const { state, hashes } = held;
    let damage: string | null = null;
    try {
      for await (const envelope of readStreamAfter(from, { stream, end: held.end }, nativeSha256)) {
        if (envelope.person !== undefined) held.people.add(state.slots.length);
        evolve(state, envelope);
        hashes.push(envelope.hash);
        held.end = { seq: envelope.seq + 1, hash: envelope.hash };
      }
    } catch (error) {
      damage = damageOf(error, stream);
    }
    if (damage === null && state.ending === null) this.#keep(stream, { ...held, size });
    else store.release(stream);
    const { name: run, pricesFor } = this.#run;
    const facts = { run, events: held.end.seq, hash: hashes.at(-1) ?? null, pricesFor };
    const listed = listState(state, { discussion: stream, damage }, facts);
    const slots = state.slots.map((slot) => held.people.has(slot.position) ? NO_TEXTS : textsOf(slot));
    return { log: { stream, size, hashes, slots, packed: packLog(listed) }, damage };
  }

  #take(stream: string): Held | undefined {
    const held = this.#held.get(stream);
    if (held === undefined) return undefined;
    this.#held.delete(stream);
    this.#heldBytes -= held.size;
    return held;
  }

  #keep(stream: string, held: Held): void {
    this.#held.set(stream, held);
    this.#heldBytes += held.size;
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= HELD_MAX && this.#heldBytes <= HELD_BYTES_MAX) return;
      this.#take(oldest);
      this.#run.store.release(oldest);
    }
  }
}

/**
 * Lists a log that was read. If an event has a wrong shape, the log is listed as damaged, even if all hashes
 * are right.
 */
export function listState(
  state: SlotsState,
  { discussion, damage }: Readonly<{ discussion: string; damage: string | null }>,
  facts: LogFacts,
): ListedLog {
  const slots = result(state);
  const problem = slots === null && state.problem !== null
    ? `Cannot read "${discussion}": ${state.problem}`
    : null;
  try {
    if (state.slots.some(({ text }) => text !== null && typeof text !== "string")) {
      throw new TypeError("a comment has no text");
    }
    return listLog({ discussion, damage: damage ?? problem, slots }, facts);
  } catch (error) {
    const wrongShape = damageOf(error, discussion);
    return listLog({ discussion, damage: damage ?? problem ?? wrongShape, slots: null }, facts);
  }
}

/**
 * The damage that ended the reading of a log.
 *
 * @throws All other errors.
 */
export function damageOf(error: unknown, discussion: string): string {
  if (error instanceof DamagedStream) return error.message;
  if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
  return `Cannot read "${discussion}": ${error.message}`;
}

function newLog(): Held {
  return { state: initialState(), end: EMPTY_CHAIN, hashes: [], size: 0, people: new Set() };
}

const NO_TEXTS: SlotTexts = { comments: null, thoughts: null, raw: null };

function textsOf({ text, thoughts, raw }: Slot): SlotTexts {
  return { comments: textOrNull(text), thoughts: textOrNull(thoughts), raw: textOrNull(raw) };
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
