/** What must be true of a store whatever happens: kept beside the engine and the store, and compared with the disk. */
import type { StoredLine } from "../events/mod.ts";
import type { EventStore } from "../ports/mod.ts";
import { linesIn, type SimulatedDisk } from "./simulated_disk.ts";

/** Something that must never happen has happened. */
export class BrokenPromise extends Error {
  /** Tells it from other errors. */
  override readonly name = "BrokenPromise";
}

/** What stores have promised. */
export class Ledger {
  /** What was acknowledged, stream by stream and place by place. */
  readonly #acknowledged = new Map<string, Map<number, StoredLine>>();
  /** What the engine ever tried to append at each place. */
  readonly #offered = new Map<string, Set<StoredLine>>();

  /** How many events were acknowledged. */
  get events(): number {
    return [...this.#acknowledged.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** The same store, but for what it promises being written down. */
  witness(store: EventStore): EventStore {
    return {
      append: async (stream, expectedSeq, lines) => {
        for (const [index, line] of lines.entries()) this.#offer(stream, expectedSeq + index, line);
        await store.append(stream, expectedSeq, lines);
        const acknowledged = this.#acknowledged.get(stream) ?? new Map<number, StoredLine>();
        for (const [index, line] of lines.entries()) acknowledged.set(expectedSeq + index, line);
        this.#acknowledged.set(stream, acknowledged);
      },
      read: (stream) => store.read(stream),
      streams: () => store.streams(),
      release: (stream) => store.release(stream),
    };
  }

  /**
   * Compares the disk with what was promised.
   *
   * @throws {BrokenPromise} When an acknowledged event is lost, or a line is there that nobody wrote in its place.
   */
  check(disk: SimulatedDisk): void {
    for (const [stream, acknowledged] of this.#acknowledged) {
      const lines = linesIn(disk.find(stream)?.bytes ?? new Uint8Array());
      for (const [seq, line] of acknowledged) {
        if (lines[seq] !== line) {
          throw new BrokenPromise(`the acknowledged event ${seq} of "${stream}" is lost`);
        }
      }
      const foreign = lines.findIndex((line, seq) => !this.#offered.get(placeOf(stream, seq))?.has(line));
      if (foreign !== -1) {
        throw new BrokenPromise(`line ${foreign + 1} of "${stream}" was never written there`);
      }
    }
  }

  #offer(stream: string, seq: number, line: StoredLine): void {
    const place = placeOf(stream, seq);
    const offered = this.#offered.get(place) ?? new Set();
    this.#offered.set(place, offered.add(line));
  }
}

function placeOf(stream: string, seq: number): string {
  return `${seq} ${stream}`;
}
