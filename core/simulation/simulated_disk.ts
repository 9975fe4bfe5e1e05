/**
 * The disk of a simulation: what it holds outlives processes, and what is synced outlives the machine.
 *
 * Legal faults: when the machine dies, every file keeps what was synced and a beginning, cut at any byte, of what was
 * done to it since, in the order in which it was done. Bytes never change by themselves.
 */
import type { Weather } from "./faults.ts";

type Change = Readonly<{ write: Uint8Array } | { cutTo: number }>;

/** One file. */
export class SimulatedFile {
  #bytes: Uint8Array = new Uint8Array();
  #synced: Uint8Array = this.#bytes;
  /** What was done since the last sync. */
  #unsynced: Change[] = [];

  /** What a process reads. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Adds bytes at the end. */
  write(bytes: Uint8Array): void {
    this.#change({ write: bytes });
  }

  /** Takes everything away from a byte on. */
  cutTo(length: number): void {
    this.#change({ cutTo: length });
  }

  /** Makes everything durable. */
  sync(): void {
    this.#synced = this.#bytes;
    this.#unsynced = [];
  }

  /** The machine has died. */
  losePower({ draw }: Weather): void {
    const kept = draw.below(this.#unsynced.length + 1);
    const half = this.#unsynced[kept];
    this.#bytes = this.#unsynced.slice(0, kept).reduce(changed, this.#synced);
    if (half !== undefined && "write" in half) {
      this.#bytes = changed(this.#bytes, {
        write: half.write.subarray(0, draw.below(half.write.length + 1)),
      });
    }
    this.sync();
  }

  #change(change: Change): void {
    this.#bytes = changed(this.#bytes, change);
    this.#unsynced.push(change);
  }
}

function changed(bytes: Uint8Array, change: Change): Uint8Array {
  if ("cutTo" in change) return bytes.slice(0, change.cutTo);
  const longer = new Uint8Array(bytes.length + change.write.length);
  longer.set(bytes);
  longer.set(change.write, bytes.length);
  return longer;
}

/** Files by the names of their streams. */
export class SimulatedDisk {
  readonly #files = new Map<string, SimulatedFile>();

  /** The names of all files. */
  get streams(): Iterable<string> {
    return this.#files.keys();
  }

  /** The file of a stream; `undefined` when there is none. */
  find(stream: string): SimulatedFile | undefined {
    return this.#files.get(stream);
  }

  /** The file of a stream, which is made when there is none. */
  file(stream: string): SimulatedFile {
    let file = this.#files.get(stream);
    if (file === undefined) this.#files.set(stream, file = new SimulatedFile());
    return file;
  }

  /** The machine has died. */
  losePower(weather: Weather): void {
    for (const file of this.#files.values()) file.losePower(weather);
  }
}

const NEWLINE = 10;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Where the last whole line ends. */
export function endOfLines(bytes: Uint8Array): number {
  return bytes.lastIndexOf(NEWLINE) + 1;
}

/** The whole lines among some bytes. */
export function linesIn(bytes: Uint8Array): string[] {
  return decoder.decode(bytes.subarray(0, endOfLines(bytes))).split("\n").slice(0, -1);
}
