/** The default event store: one file of JSON lines for each stream. */
import { dirname } from "node:path";
import {
  checkLines,
  type EventStore,
  followByReading,
  type FollowOptions,
  type PersonKeys,
  StoreError,
  StreamConflict,
  type StreamSize,
} from "../../core/ports/mod.ts";
import type { StoredLine } from "../../core/events/mod.ts";
import { type FolderSync, folderSync, writeAll } from "./durable_files.ts";
import { HeldLogs, type OpenStream, OpenStreams, type TornTail } from "./open_streams.ts";
import { linePieces } from "./lines.ts";
import { explainFailure, readFailure, shortened, storeError } from "./store_errors.ts";
import { type Shards, type StreamFiles, streamFiles } from "./stream_files.ts";
import { systemClock } from "../system.ts";

/** Options of a store. */
export type JsonlEventStoreOptions = Readonly<{
  /**
   * Whether to sync events to disk when they are appended or read. Otherwise a power cut can lose events. Processes
   * that only read need no sync. Default true.
   */
  durable?: boolean;
  /** The number of sub-folders for new streams. Default 0. */
  shards?: Shards;
  /** Called when the store cuts off a torn last line. */
  onTornTail?: (tail: TornTail) => void;
  /** Called about once a second, and before the store makes a file. It must throw if the folder has disappeared. */
  guard?: () => void;
  /** The keys of the people whose words the streams have. */
  keys?: PersonKeys;
}>;

/** The time between two checks of open files, in milliseconds. */
const LOOK_MS = 1_000;

/** How often a followed stream is read again, in milliseconds. Network file systems do not report changes. */
const FOLLOW_INTERVAL_MS = 100;

const encoder = new TextEncoder();

/**
 * The streams of a folder. The first append makes the folder.
 *
 * Only one process at a time may append to a stream; `openRunFolder` ensures this. Any number of processes may read.
 * Reading never changes a file. It returns the lines that the stream had when reading began.
 *
 * @example
 * ```ts
 * import { JsonlEventStore } from "./jsonl_event_store.ts";
 * import assert from "node:assert/strict";
 *
 * const folder = await Deno.makeTempDir();
 * const store = new JsonlEventStore(folder);
 * await store.append("greeting", 0, ['{"hello":"world"}']);
 * await store.close();
 * assert.equal(await Deno.readTextFile(`${folder}/greeting.jsonl`), '{"hello":"world"}\n');
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class JsonlEventStore implements EventStore {
  readonly #files: StreamFiles;
  readonly #streams: OpenStreams;
  readonly #folders: FolderSync = folderSync();
  readonly #durable: boolean;
  readonly #held: HeldLogs;
  readonly #guard: () => void;
  #nextLookMs = 0;
  /** The error about files that have disappeared. Once it is set, all appends fail. */
  #lost: Readonly<{ error: unknown; told: boolean }> | null = null;
  /** The last append to each stream. The next one waits for it. */
  readonly #appending = new Map<string, Promise<void>>();
  /** Streams with a failed append that could not be removed: the message, and the length that the file should have. */
  readonly #broken = new Map<string, Readonly<{ message: string; bytes: number }>>();
  #closed = false;
  /** See `EventStore`. */
  readonly keys?: PersonKeys;

  /** Writes nothing yet. `folder` is the folder of the files; it may not exist yet. */
  constructor(folder: string, options: JsonlEventStoreOptions = {}) {
    this.#files = streamFiles(folder, options.shards ?? 0);
    this.#streams = new OpenStreams(folder, this.#files, options.onTornTail ?? (() => {}));
    this.#durable = options.durable ?? true;
    this.#held = new HeldLogs(this.#files);
    this.#guard = options.guard ?? (() => {});
    if (options.keys !== undefined) this.keys = options.keys;
  }

  /** See `EventStore`. Appends to one stream run one after the other. */
  append(stream: string, expectedSeq: number, lines: readonly StoredLine[]): Promise<void> {
    if (this.#closed) {
      return Promise.reject(new TypeError(`Cannot append to "${stream}": the store is closed`));
    }
    const before = this.#appending.get(stream) ?? Promise.resolve();
    const append = before.then(() => this.#append(stream, expectedSeq, lines));
    const settled = append.catch(() => {}).then(() => {
      if (this.#appending.get(stream) === settled) this.#appending.delete(stream);
    });
    this.#appending.set(stream, settled);
    return append;
  }

  /** See `EventStore`. A durable store syncs the file first, because a dead process may not have synced it. */
  async *read(stream: string, from = 0): AsyncGenerator<StoredLine> {
    for await (const lines of this.readInPieces(stream, from)) for (const line of lines) yield line;
  }

  /** See `EventStore`, and {@linkcode read}. */
  async *readInPieces(stream: string, from = 0): AsyncGenerator<readonly StoredLine[]> {
    const found = this.#files.openForReading(stream, this.#durable);
    if (found === null) return this.#held.has(stream) ? this.#refuseIfLost(stream) : undefined;
    using file = found.file;
    if (this.#durable && this.#streams.peek(stream) === undefined) await this.#settle(file, found.path);
    // A line is part of the stream only after its append has succeeded.
    const open = this.#streams.peek(stream);
    const acknowledged = this.#broken.get(stream)?.bytes ?? (open?.busy ? open.end.bytes : undefined);
    const size = acknowledged ?? file.seekSync(0, Deno.SeekMode.End);
    const start = this.#streams.positionBefore(stream, from);
    if (start.bytes > size) throw shortened(found.path, start.bytes, size);
    file.seekSync(start.bytes, Deno.SeekMode.Start);
    let { lines, bytes } = start;
    try {
      for (const piece of linePieces(file, size - start.bytes)) {
        yield lines < from ? piece.lines.slice(from - lines) : piece.lines;
        lines += piece.lines.length;
        bytes = start.bytes + piece.end;
      }
    } catch (error) {
      throw readFailure(found.path, error);
    }
    this.#streams.remember(stream, { lines, bytes });
    if (this.#durable) this.#held.note(stream, bytes, file.statSync().ino);
  }

  /** See `EventStore`. Lines that another process appends can be given before their append has succeeded. */
  follow(stream: string, options: FollowOptions): AsyncGenerator<StoredLine> {
    return followByReading(
      (from) => this.read(stream, from),
      options,
      (signal) => systemClock.sleep(FOLLOW_INTERVAL_MS, signal),
    );
  }

  /** See `EventStore`. If a crash cut off a stream's first append, the stream is listed, but empty. */
  async *streams(): AsyncGenerator<string> {
    for (const [stream] of this.#files.list()) yield stream;
  }

  /** See `EventStore`: the lengths of the files in bytes. */
  async *sizes(streams?: Iterable<string>): AsyncGenerator<StreamSize> {
    yield* this.#files.sizes(streams);
  }

  /**
   * Watches all existing streams. If one disappears from now on, `append()` and `close()` fail.
   *
   * @throws {StoreError} When two files belong to the same stream.
   */
  async watch(): Promise<void> {
    for await (const stream of this.streams()) this.#held.note(stream, 0, null);
  }

  /** See `EventStore`: closes the stream's file. */
  release(stream: string): void {
    const append = this.#appending.get(stream);
    if (append !== undefined) return void append.then(() => this.release(stream));
    this.#streams.forget(stream);
    this.#look([stream]);
  }

  /** The path of the stream's file. The file need not exist. */
  locate(stream: string): string {
    return this.#files.find(stream) ?? this.#files.pathOf(stream);
  }

  /**
   * Waits for running appends and closes all files.
   *
   * @throws {StoreError} When a file has disappeared and no append has reported this. All files are closed even then.
   */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#appending.values());
    this.#streams.closeIdle();
    this.#look();
    this.#refuseLost();
  }

  /** Checks whether files of these or all streams have disappeared. The next append or `close` reports it. */
  #look(streams?: Iterable<string>): void {
    if (this.#lost !== null) return;
    try {
      this.#guard();
      this.#held.check(streams);
    } catch (error) {
      this.#lost = { error, told: false };
    }
  }

  #lookNowAndThen(isNew: boolean): void {
    const nowMs = performance.now();
    if (nowMs < this.#nextLookMs) return isNew ? this.#look([]) : undefined;
    this.#nextLookMs = nowMs + LOOK_MS;
    this.#look(this.#streams.names());
  }

  /** Called after a failed operation. If a file has disappeared, throws the error that says so instead. */
  #refuseIfLost(stream: string): void {
    this.#look([stream]);
    this.#refuseLost();
  }

  #refuseLost(): void {
    if (this.#lost === null || this.#closed && this.#lost.told) return;
    this.#lost = { ...this.#lost, told: true };
    throw this.#lost.error;
  }

  /** Syncs a file before it is read, so that callers do not act on events that a power cut can still remove. */
  async #settle(file: Deno.FsFile, path: string): Promise<void> {
    try {
      await file.syncData();
      // Files that were in the folder at the first sync are durable since then.
      await this.#folders.syncOnce(dirname(path));
    } catch (cause) {
      throw storeError("read", path, cause);
    }
  }

  async #append(stream: string, expectedSeq: number, lines: readonly StoredLine[]): Promise<void> {
    checkLines(stream, lines);
    const broken = this.#broken.get(stream);
    if (broken !== undefined) throw new StoreError(broken.message);
    this.#lookNowAndThen(expectedSeq === 0);
    this.#refuseLost();
    const open = this.#open(stream, expectedSeq);
    open.busy = true;
    try {
      const bytes = encoder.encode(lines.join("\n") + "\n");
      writeAll(open.file, bytes);
      if (this.#durable) await this.#sync(open);
      open.end = { lines: open.end.lines + lines.length, bytes: open.end.bytes + bytes.length };
      if (open.held === null) open.held = this.#held.note(stream, open.end.bytes, open.inode);
      else open.held.bytes = open.end.bytes;
    } catch (cause) {
      await this.#cutBack(stream, open, cause);
      this.#refuseIfLost(stream);
      throw storeError("append to", open.path, cause);
    } finally {
      open.busy = false;
    }
  }

  #open(stream: string, expectedSeq: number): OpenStream {
    let open: OpenStream | null;
    try {
      open = this.#streams.open(stream, expectedSeq === 0);
    } catch (cause) {
      if (cause instanceof RangeError) throw cause;
      this.#refuseIfLost(stream);
      throw storeError("open", this.#files.pathOf(stream), cause);
    }
    const held = open?.end.lines ?? 0;
    if (open !== null && held === expectedSeq) return open;
    this.#refuseIfLost(stream);
    throw new StreamConflict(
      `Cannot append to "${stream}" at event ${expectedSeq}: the stream holds ${held} events`,
    );
  }

  async #sync(open: OpenStream): Promise<void> {
    const syncs = [open.file.syncData(), ...open.unsynced.map((folder) => this.#folders.sync(folder))];
    const failure = (await Promise.allSettled(syncs)).find(({ status }) => status === "rejected");
    if (failure?.status === "rejected") throw failure.reason;
    open.unsynced = [];
  }

  /** After a failed append: removes the unfinished lines. If this fails, refuses further appends to the stream. */
  async #cutBack(stream: string, { file, path, end }: OpenStream, cause: unknown): Promise<void> {
    try {
      file.truncateSync(end.bytes);
      if (this.#durable) await file.syncData();
      if (end.bytes === 0) {
        Deno.removeSync(path);
        this.#streams.forget(stream);
        this.#held.forget(stream);
      }
    } catch {
      this.#held.forget(stream);
      const message =
        `${explainFailure("append to", path, cause)}. An unfinished event at the end of the file could ` +
        `not be removed, so no more events are written to the file. Start again when the disk works`;
      this.#broken.set(stream, { message, bytes: end.bytes });
    }
  }
}
