/** The files that are open for appending, and where they end. */
import { dirname } from "node:path";
import { makeFolder } from "./durable_files.ts";
import { lineChunks, newlines } from "./lines.ts";
import { errorCode } from "./store_errors.ts";
import type { StreamFiles } from "./stream_files.ts";
import { statSync } from "node:fs";
import { StoreError } from "../../core/ports/mod.ts";

/** Files that nobody is writing to at the moment, kept open since they will be written to again. */
const IDLE_FILES_MAX = 512;

/** Ends of files that are remembered; a forgotten one is found again by counting the file's lines. */
const ENDS_MAX = 8192;

/** Where a file ends, as far as it has been acknowledged. */
export type FileEnd = Readonly<{ lines: number; bytes: number }>;

/** A last line that was cut off, since its newline is missing: the process or the machine died while writing it. */
export type TornTail = Readonly<{ stream: string; file: string; bytes: number }>;

/** A stream's file, open for appending. */
export type OpenStream = {
  readonly path: string;
  readonly file: Deno.FsFile;
  /** The file's number, where the file system has such numbers. */
  readonly inode: number | null;
  end: FileEnd;
  /** Whether somebody is writing to it, so that it must stay open. */
  busy: boolean;
  /** Folders whose entries changed to make room for the file, and must be synced before an append is durable. */
  unsynced: readonly string[];
};

/** Opens files when they are needed, and closes those that have not been used for the longest time. */
export class OpenStreams {
  readonly #files: StreamFiles;
  readonly #onTornTail: (tail: TornTail) => void;
  /** Both maps: least recently used first. */
  readonly #open = new Map<string, OpenStream>();
  readonly #ends = new Map<string, FileEnd>();

  /**
   * Opens nothing yet.
   *
   * @param files Which file a stream lives in.
   * @param onTornTail Told about every torn last line that is cut off.
   */
  constructor(files: StreamFiles, onTornTail: (tail: TornTail) => void) {
    this.#files = files;
    this.#onTornTail = onTornTail;
  }

  /** The stream, if it is open. */
  peek(stream: string): OpenStream | undefined {
    return this.#open.get(stream);
  }

  /** The streams that are open. */
  names(): Iterable<string> {
    return this.#open.keys();
  }

  /**
   * Opens a stream's file for appending. A torn last line is cut off.
   *
   * @param stream The stream's name.
   * @param create Whether to make the file when there is none.
   * @returns The open stream; `null` when it has no file and none was to be made.
   */
  open(stream: string, create: boolean): OpenStream | null {
    let open = this.#open.get(stream);
    if (open === undefined) {
      const found = this.#files.find(stream);
      if (found === null && !create) return null;
      const path = found ?? this.#files.pathOf(stream);
      // Also for a file that exists: whoever made it may have died before syncing its folder.
      const unsynced = [dirname(path), ...found === null ? makeFolder(dirname(path)) : []];
      const end = this.#ends.get(stream) ?? { lines: 0, bytes: 0 };
      this.#closeIdle(IDLE_FILES_MAX - 1);
      const file = this.#openFile(path);
      open = { path, file, inode: file.statSync().ino, end, busy: false, unsynced };
    }
    this.#open.delete(stream);
    this.#open.set(stream, open);
    if (open.file.seekSync(0, Deno.SeekMode.End) !== open.end.bytes) open.end = this.#findEnd(stream, open);
    return open;
  }

  /** Remembers where a file ends that somebody has just read. */
  remember(stream: string, end: FileEnd): void {
    this.#ends.delete(stream);
    this.#ends.set(stream, end);
    if (this.#ends.size > ENDS_MAX) this.#ends.delete(this.#ends.keys().next().value!);
  }

  /** Closes a stream's file and forgets all about it. */
  forget(stream: string): void {
    this.#open.get(stream)?.file.close();
    this.#open.delete(stream);
    this.#ends.delete(stream);
  }

  /** Closes everything that nobody is writing to. */
  closeIdle(): void {
    this.#closeIdle(0);
  }

  #closeIdle(keptMax: number): void {
    if (this.#open.size <= keptMax) return;
    for (const [stream, { file, end, busy }] of this.#open) {
      if (busy) continue;
      file.close();
      this.#open.delete(stream);
      this.remember(stream, end);
      if (this.#open.size <= keptMax) return;
    }
  }

  #openFile(path: string): Deno.FsFile {
    const open = () => Deno.openSync(path, { read: true, append: true, create: true });
    try {
      return open();
    } catch (error) {
      if (errorCode(error) !== "EMFILE" && errorCode(error) !== "ENFILE") throw error;
      this.#closeIdle(0);
      return open();
    }
  }

  #findEnd(stream: string, { file, path }: OpenStream): FileEnd {
    const size = file.seekSync(0, Deno.SeekMode.End);
    file.seekSync(0, Deno.SeekMode.Start);
    let lines = 0;
    let bytes = 0;
    for (const chunk of lineChunks(file, size)) {
      for (const _ of newlines(chunk.bytes)) lines++;
      bytes = chunk.offset + chunk.bytes.length;
    }
    if (bytes < size) {
      file.truncateSync(bytes);
      this.#onTornTail({ stream, file: path, bytes: size - bytes });
    }
    return { lines, bytes };
  }
}

/** How many bytes of a log are known, and the number of its file, where the file system has such numbers. */
type Held = Readonly<{ bytes: number; inode: number | null }>;

/** Logs that must not disappear. */
export class HeldLogs {
  readonly #files: StreamFiles;
  readonly #held = new Map<string, Held>();

  /** @param files Where the logs are. */
  constructor(files: StreamFiles) {
    this.#files = files;
  }

  /** Whether the log was there before. */
  has(stream: string): boolean {
    return this.#held.has(stream);
  }

  /**
   * Notes what is known of a log.
   *
   * @param stream The log's stream.
   * @param bytes How many bytes were read or written: the file never gets shorter.
   * @param inode Its file's number; `null` where it is unknown.
   */
  note(stream: string, bytes: number, inode: number | null): void {
    this.#held.set(stream, { bytes, inode });
  }

  /** A log that was taken away again by whoever wrote it. */
  forget(stream: string): void {
    this.#held.delete(stream);
  }

  /**
   * Looks whether logs are still there, with everything that is known of them.
   *
   * @param streams Which; all of them when left out.
   * @throws {StoreError} When one has been deleted, moved, replaced or cut.
   */
  check(streams: Iterable<string> = this.#held.keys()): void {
    let first: string | undefined;
    let lost = 0;
    for (const stream of streams) {
      const held = this.#held.get(stream);
      const problem = held === undefined ? null : this.#problemOf(stream, held);
      if (problem === null) continue;
      first ??= problem;
      lost++;
    }
    if (first === undefined) return;
    throw new StoreError(
      `Cannot go on: ${first}${lost > 1 ? `, and ${lost - 1} more logs are missing or changed` : ""}. ` +
        `What was written to ${lost > 1 ? "them" : "it"} may be lost. ${PUT_BACK}`,
    );
  }

  /** A file that another program appended to is as good as before; file systems that renumber files are left alone. */
  #problemOf(stream: string, { bytes, inode }: Held): string | null {
    const path = this.#files.find(stream);
    const info = path === null ? undefined : statSync(path, { throwIfNoEntry: false });
    if (info === undefined) {
      return `the log "${this.#files.pathOf(stream)}" was deleted or moved while it was in use`;
    }
    // What was no file before anybody read it is a damaged log, which is named on its own.
    if (bytes === 0 && !info.isFile()) return null;
    const isReplaced = info.size > bytes && inode !== null && info.ino !== inode;
    if (info.isFile() && info.size >= bytes && !isReplaced) return null;
    return `the log "${path}" was replaced or changed by another program while it was in use ` +
      `(it has ${info.size} bytes; this process knows of ${bytes})`;
  }
}

/** What to do about anything that disappeared. */
export const PUT_BACK =
  "Put back what was moved, then give the same command again: it resumes from what is there";
