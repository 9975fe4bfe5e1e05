/**
 * The simulated event store, and its disk. The store makes the same promises as the store on real files, and
 * passes the same tests. Files stay when a process dies. Synced bytes stay when the machine dies.
 *
 * Legal faults of the disk: when the machine dies, a file can lose changes that were not synced. It keeps the
 * first of these changes, up to any byte. Other bytes never change.
 *
 * Legal faults of the store:
 * - A write stops at any byte, because the process dies or the disk is full.
 * - A sync takes minutes, or fails.
 * - The bytes of a failed append cannot be removed. Then the stream takes no more lines until it is opened again.
 * - A file cannot be read. Or the file or its folder has disappeared, until the process ends.
 *
 * A failed append leaves no lines. There is one exception: if the process or the machine dies, whole lines of
 * the append can remain. An acknowledged append stays.
 */
import type { Weather } from "./faults.ts";
import {
  checkLines,
  type EventStore,
  followByReading,
  type FollowOptions,
  StoreError,
  StreamConflict,
  type StreamSize,
} from "../ports/mod.ts";
import type { StoredLine } from "../events/codec.ts";
import type { Scheduler } from "./simulated_time.ts";

type Change = Readonly<{ write: Uint8Array } | { cutTo: number }>;

/** One file. */
export class SimulatedFile {
  #bytes: Uint8Array = new Uint8Array();
  #synced: Uint8Array = this.#bytes;
  /** Changes since the last sync. */
  #unsynced: Change[] = [];

  /** The bytes that a process reads. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Adds bytes at the end. */
  write(bytes: Uint8Array): void {
    this.#change({ write: bytes });
  }

  /** Cuts the file to a length. */
  cutTo(length: number): void {
    this.#change({ cutTo: length });
  }

  /** Makes all changes durable. */
  sync(): void {
    this.#synced = this.#bytes;
    this.#unsynced = [];
  }

  /** The machine dies. */
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

  /** The file of a stream, if there is one. */
  find(stream: string): SimulatedFile | undefined {
    return this.#files.get(stream);
  }

  /** The file of a stream. It is created if there is none. */
  file(stream: string): SimulatedFile {
    let file = this.#files.get(stream);
    if (file === undefined) this.#files.set(stream, file = new SimulatedFile());
    return file;
  }

  /** The machine dies. */
  losePower(weather: Weather): void {
    for (const file of this.#files.values()) file.losePower(weather);
  }
}

const NEWLINE = 10;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function endOfLines(bytes: Uint8Array): number {
  return bytes.lastIndexOf(NEWLINE) + 1;
}

export function linesIn(bytes: Uint8Array): string[] {
  return decoder.decode(bytes.subarray(0, endOfLines(bytes))).split("\n").slice(0, -1);
}

const WRITE_MS_MAX = 3;
const SYNC_MS_MAX = 20;
const SLOW_SYNC_MS_MAX = 300_000;

/** How often a followed stream is read again, in milliseconds. */
const FOLLOW_INTERVAL_MS = 100;

/** The simulated world that a store is in. */
export type StoreParts = Readonly<{ disk: SimulatedDisk; scheduler: Scheduler; weather: Weather }>;

type Append = Readonly<{ stream: string; expectedSeq: number; lines: readonly StoredLine[] }>;

type FileEnd = Readonly<{ bytes: number; lines: number }>;

const encoder = new TextEncoder();

/** The store that one process opens. */
export class SimulatedStore implements EventStore {
  /** The disk, the schedule and the weather. */
  protected readonly parts: StoreParts;
  /** Stream → its last append, because the appends to one stream run one after the other. */
  readonly #appending = new Map<string, Promise<void>>();
  /** Writes in progress. If the process dies, they stay incomplete. */
  readonly #writing = new Map<SimulatedFile, Uint8Array>();
  /** The acknowledged ends of the opened files. */
  readonly #ends = new Map<SimulatedFile, FileEnd>();
  readonly #broken = new Set<string>();
  readonly #gone = new Set<string>();
  #isFolderGone = false;
  #isFull = false;

  /** Opens the store. This does not read or change the disk. */
  constructor(parts: StoreParts) {
    this.parts = parts;
  }

  /** See `EventStore`. */
  append(stream: string, expectedSeq: number, lines: readonly StoredLine[]): Promise<void> {
    const before = this.#appending.get(stream) ?? Promise.resolve();
    const append = before.then(() => this.#append({ stream, expectedSeq, lines }));
    this.#appending.set(stream, append.catch(() => {}));
    return append;
  }

  /** See `EventStore`. Lines that are not acknowledged are not part of the stream. */
  async *read(stream: string, from = 0): AsyncGenerator<StoredLine> {
    const { disk, weather } = this.parts;
    await this.#passes(weather.between(0, WRITE_MS_MAX));
    if (weather.strikes("failed-read")) {
      throw new StoreError(`Cannot read "${stream}": the disk reports an error`);
    }
    this.#refuseGone(stream);
    const file = disk.find(stream);
    if (file === undefined) return;
    await this.settle(file).catch((cause) => {
      throw new StoreError(`Cannot read "${stream}": ${cause.message}`, { cause });
    });
    yield* linesIn(file.bytes.subarray(0, this.#ends.get(file)?.bytes)).slice(from);
  }

  /** See `EventStore`. */
  follow(stream: string, options: FollowOptions): AsyncGenerator<StoredLine> {
    const wait = () => this.#passes(FOLLOW_INTERVAL_MS);
    return followByReading((from) => this.read(stream, from), options, wait);
  }

  /** See `EventStore`. */
  async *streams(): AsyncGenerator<string> {
    yield* this.parts.disk.streams;
  }

  /** See `EventStore`. */
  async *sizes(streams: Iterable<string> = this.parts.disk.streams): AsyncGenerator<StreamSize> {
    for (const stream of streams) {
      const file = this.parts.disk.find(stream);
      if (file !== undefined) yield { stream, size: file.bytes.length };
    }
  }

  /** See `EventStore`. There is nothing to release. */
  release(): void {}

  /** The process dies. Its writes in progress stay incomplete. */
  die(): void {
    const { weather } = this.parts;
    for (const [file, bytes] of this.#writing) {
      if (weather.strikes("torn-write")) file.write(bytes.subarray(0, weather.between(1, bytes.length - 1)));
    }
  }

  /** Syncs a file before its first use, because it can have unsynced lines of a dead process. */
  protected async settle(file: SimulatedFile): Promise<void> {
    if (!this.#ends.has(file)) await this.sync(file);
  }

  /** Removes an incomplete last line. */
  protected cutTornTail(file: SimulatedFile): void {
    const end = endOfLines(file.bytes);
    if (end < file.bytes.length) file.cutTo(end);
  }

  /** Makes a file durable. Throws an error if this fails. */
  protected async sync(file: SimulatedFile): Promise<void> {
    const { weather } = this.parts;
    await this.#passes(weather.between(1, weather.strikes("slow-sync") ? SLOW_SYNC_MS_MAX : SYNC_MS_MAX));
    if (weather.strikes("failed-sync")) throw new Error("the disk reports an error");
    file.sync();
  }

  /** Removes the bytes that a failed append has written. */
  protected async cutBack(file: SimulatedFile, length: number): Promise<void> {
    if (this.parts.weather.strikes("failed-cut-back")) throw new Error("the disk reports an error");
    file.cutTo(length);
    await this.sync(file);
  }

  async #append({ stream, expectedSeq, lines }: Append): Promise<void> {
    checkLines(stream, lines);
    if (this.#broken.has(stream)) {
      throw new StoreError(`Cannot append to "${stream}": an append before it failed`);
    }
    this.#refuseGone(stream);
    const file = this.#open(stream, expectedSeq);
    const end = this.#ends.get(file)!;
    try {
      await this.#write(file, encoder.encode(`${lines.join("\n")}\n`));
      await this.sync(file);
      this.#ends.set(file, { bytes: file.bytes.length, lines: end.lines + lines.length });
    } catch (cause) {
      await this.cutBack(file, end.bytes).catch(() => this.#broken.add(stream));
      throw new StoreError(`Cannot append to "${stream}": ${(cause as Error).message}`, { cause });
    }
  }

  /** Throws an error if the log or the whole folder has disappeared. */
  #refuseGone(stream: string): void {
    const { weather } = this.parts;
    this.#isFolderGone ||= weather.strikes("vanished-folder");
    if (this.#isFolderGone) throw new StoreError("The run's folder has disappeared");
    if (weather.strikes("vanished-log")) this.#gone.add(stream);
    if (this.#gone.has(stream)) throw new StoreError(`The log of "${stream}" has disappeared`);
  }

  #open(stream: string, expectedSeq: number): SimulatedFile {
    const { disk } = this.parts;
    const found = disk.find(stream);
    if (found !== undefined && !this.#ends.has(found)) {
      this.cutTornTail(found);
      this.#ends.set(found, { bytes: found.bytes.length, lines: linesIn(found.bytes).length });
    }
    const held = found === undefined ? 0 : this.#ends.get(found)!.lines;
    if (held !== expectedSeq) {
      throw new StreamConflict(
        `Cannot append to "${stream}" at event ${expectedSeq}: it holds ${held} events`,
      );
    }
    const file = found ?? disk.file(stream);
    if (found === undefined) this.#ends.set(file, { bytes: 0, lines: 0 });
    return file;
  }

  async #write(file: SimulatedFile, bytes: Uint8Array): Promise<void> {
    const { weather } = this.parts;
    this.#writing.set(file, bytes);
    await this.#passes(weather.between(0, WRITE_MS_MAX));
    this.#writing.delete(file);
    this.#isFull ||= weather.strikes("full-disk");
    file.write(this.#isFull ? bytes.subarray(0, weather.draw.below(bytes.length)) : bytes);
    if (this.#isFull) throw new Error("the disk is full");
  }

  #passes(ms: number): Promise<void> {
    return new Promise((resolve) => this.parts.scheduler.after(ms, resolve));
  }
}
