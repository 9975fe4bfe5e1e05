/** The default event store: a file of JSON lines per stream. */
import { dirname } from "node:path";
import { type EventStore, StoreError, StreamConflict } from "../../core/ports/mod.ts";
import type { StoredLine } from "../../core/events/mod.ts";
import { type FolderSync, folderSync, writeAll } from "./durable_files.ts";
import { HeldLogs, type OpenStream, OpenStreams, type TornTail } from "./open_streams.ts";
import { decodeLines, lineChunks } from "./lines.ts";
import { explainFailure, readFailure, storeError } from "./store_errors.ts";
import { type Shards, type StreamFiles, streamFiles } from "./stream_files.ts";

/** Options of a store. */
export type JsonlEventStoreOptions = Readonly<{
  /**
   * Whether appended and read events are synced to disk. Without it, a power cut can lose events; readers do not
   * need it. Default true.
   */
  durable?: boolean;
  /** How many sub-folders new streams are spread over. Default 0. */
  shards?: Shards;
  /** Called for each torn last line that is cut off. */
  onTornTail?: (tail: TornTail) => void;
  /** Called about once a second and before a file is made; throws when the store's folder has disappeared. */
  guard?: () => void;
}>;

/** How often open files are checked, in milliseconds. */
const LOOK_MS = 1_000;

const encoder = new TextEncoder();

/**
 * The streams of a folder. The first append makes the folder.
 *
 * Only one process may append at a time (`openRunFolder` ensures it); any number may read. Reading never changes a file, and
 * returns what the stream held when reading began.
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
  /** What has disappeared, once that is known: no append succeeds afterwards. */
  #lost: Readonly<{ error: unknown; told: boolean }> | null = null;
  /** Folders that were synced once: their older entries are durable. */
  readonly #syncedFolders = new Set<string>();
  /** The last append to each stream. The next one waits for it. */
  readonly #appending = new Map<string, Promise<void>>();
  /** Streams whose files could not be cut back after a failed append: the reason, and where they should end. */
  readonly #broken = new Map<string, Readonly<{ message: string; bytes: number }>>();
  #closed = false;

  /**
   * Touches nothing yet. @param folder The folder of the files; it may not exist yet. @param options The options.
   */
  constructor(folder: string, options: JsonlEventStoreOptions = {}) {
    this.#files = streamFiles(folder, options.shards ?? 0);
    this.#streams = new OpenStreams(folder, this.#files, options.onTornTail ?? (() => {}));
    this.#durable = options.durable ?? true;
    this.#held = new HeldLogs(this.#files);
    this.#guard = options.guard ?? (() => {});
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

  /** See `EventStore`. A durable store first syncs what a dead process may have left in memory. */
  async *read(stream: string): AsyncGenerator<StoredLine> {
    const path = this.#files.find(stream);
    if (path === null) {
      if (this.#held.has(stream)) this.#refuseIfLost(stream);
      return;
    }
    using file = openForReading(path, this.#durable);
    if (this.#durable && this.#streams.peek(stream) === undefined) await this.#settle(file, path);
    // Lines that are not acknowledged are not part of the stream.
    const open = this.#streams.peek(stream);
    const acknowledged = this.#broken.get(stream)?.bytes ?? (open?.busy ? open.end.bytes : undefined);
    const size = acknowledged ?? file.seekSync(0, Deno.SeekMode.End);
    file.seekSync(0, Deno.SeekMode.Start);
    let lines = 0;
    let bytes = 0;
    try {
      for (const chunk of lineChunks(file, size)) {
        for (const line of decodeLines(chunk.bytes)) {
          lines++;
          yield line;
        }
        bytes = chunk.offset + chunk.bytes.length;
      }
    } catch (error) {
      throw readFailure(path, error);
    }
    this.#streams.remember(stream, { lines, bytes });
    if (this.#durable) this.#held.note(stream, bytes, file.statSync().ino);
  }

  /** See `EventStore`. A stream whose first append was cut off by a crash is listed, too, and holds nothing. */
  async *streams(): AsyncGenerator<string> {
    yield* this.#files.list();
  }

  /**
   * Watches all existing streams: it is an error when one disappears from now on.
   *
   * @throws {StoreError} When two files have the same stream; see `streams()`.
   */
  async watch(): Promise<void> {
    for await (const stream of this.#files.list()) this.#held.note(stream, 0, null);
  }

  /** See `EventStore`: closes the stream's file. */
  release(stream: string): void {
    const append = this.#appending.get(stream);
    if (append !== undefined) return void append.then(() => this.release(stream));
    this.#streams.forget(stream);
    this.#look([stream]);
  }

  /** The path of the stream's file, or the path that it would have. */
  locate(stream: string): string {
    return this.#files.find(stream) ?? this.#files.pathOf(stream);
  }

  /**
   * Waits for running appends and closes all files.
   *
   * @throws {StoreError} When something has disappeared and no append has reported it. All files are closed
   *   then, too.
   */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#appending.values());
    this.#streams.closeIdle();
    this.#look();
    this.#refuseLost();
  }

  /** Checks some files, or all. The next append or `close` reports what has disappeared. */
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

  /** When something has disappeared, that is why an operation failed: this error replaces its own. */
  #refuseIfLost(stream: string): void {
    this.#look([stream]);
    this.#refuseLost();
  }

  #refuseLost(): void {
    if (this.#lost === null || this.#closed && this.#lost.told) return;
    this.#lost = { ...this.#lost, told: true };
    throw this.#lost.error;
  }

  /** Readers rely on what they read: a discussion that has ended is not appended to any more. */
  async #settle(file: Deno.FsFile, path: string): Promise<void> {
    const folder = dirname(path);
    try {
      await file.syncData();
      if (!this.#syncedFolders.has(folder)) await this.#folders.sync(folder);
    } catch (cause) {
      throw storeError("read", path, cause);
    }
    this.#syncedFolders.add(folder);
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

  /** After a failed append: removes what was written of it, or else refuses all further appends. */
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
        `${explainFailure("append to", path, cause)}. An unfinished event at its end could not be ` +
        `removed, so nothing more is written to it. Start again when the disk works`;
      this.#broken.set(stream, { message, bytes: end.bytes });
    }
  }
}

function openForReading(path: string, durable: boolean): Deno.FsFile {
  try {
    // Windows syncs only files that are open for writing.
    return Deno.openSync(path, { read: true, write: durable && Deno.build.os === "windows" });
  } catch (cause) {
    throw readFailure(path, cause);
  }
}

function checkLines(stream: string, lines: readonly StoredLine[]): void {
  if (lines.length === 0) throw new RangeError(`Cannot append to "${stream}": there are no lines`);
  if (lines.some((line) => line.includes("\n"))) {
    throw new RangeError(`Cannot append to "${stream}": a line holds a newline`);
  }
}
