/** Keeps files open for appending, and notices when logs disappear. */
import { dirname } from "node:path";
import { makeFolder, makeFolderOnce } from "./durable_files.ts";
import { lineChunks, newlines } from "./lines.ts";
import { errorCode } from "./store_errors.ts";
import type { StreamFiles } from "./stream_files.ts";
import { existsSync } from "node:fs";
import { StoreError } from "../../core/ports/mod.ts";
import { infoAt } from "../path_info.ts";

/** The most files that stay open between appends. */
const IDLE_FILES_MAX = 512;

/** The most file ends to remember. To find a forgotten end, the store counts the file's lines. */
const ENDS_MAX = 8192;

/** The end of the lines of a file whose appends have succeeded. */
export type FileEnd = Readonly<{ lines: number; bytes: number }>;

const FILE_START: FileEnd = { lines: 0, bytes: 0 };

/** A last line without a newline, which the store cut off. A process or machine died while writing it. */
export type TornTail = Readonly<{ stream: string; file: string; bytes: number }>;

/** A stream's file, open for appending. */
export type OpenStream = {
  readonly path: string;
  readonly file: Deno.FsFile;
  /** The file's number; `null` on file systems without numbers. */
  readonly inode: number | null;
  end: FileEnd;
  /** The file's entry in `HeldLogs`; `null` before the first append. */
  held: HeldLog | null;
  /** Whether an append is running. Meanwhile, the file must stay open. */
  busy: boolean;
  /** Folders that must be synced before an append to the file is durable. */
  unsynced: readonly string[];
};

/** Opens files when they are needed, and closes the least recently used ones. */
export class OpenStreams {
  readonly #folder: string;
  readonly #files: StreamFiles;
  readonly #onTornTail: (tail: TornTail) => void;
  /** In both maps, the least recently used stream comes first. */
  readonly #open = new Map<string, OpenStream>();
  readonly #ends = new Map<string, FileEnd>();

  /** Whether the folder of all files has existed. If it then disappears, it is not made again. */
  #hasFolder: boolean;

  constructor(folder: string, files: StreamFiles, onTornTail: (tail: TornTail) => void) {
    this.#folder = folder;
    this.#hasFolder = existsSync(folder);
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
   * Opens a stream's file for appending, and cuts off a torn last line.
   *
   * @param create Whether to make a missing file.
   * @returns The open stream; `null` if there is no file and `create` is false.
   */
  open(stream: string, create: boolean): OpenStream | null {
    let open = this.#open.get(stream);
    if (open === undefined) {
      const found = this.#files.find(stream);
      if (found === null && !create) return null;
      const path = found ?? this.#files.pathOf(stream);
      // An existing file needs a folder sync, too: the process that made it may have died before the sync.
      const unsynced = [dirname(path), ...found === null ? this.#makeFolder(dirname(path)) : []];
      const end = this.#ends.get(stream) ?? FILE_START;
      this.#closeIdle(IDLE_FILES_MAX - 1);
      const file = this.#openFile(path);
      open = { path, file, inode: file.statSync().ino, end, held: null, busy: false, unsynced };
    }
    this.#open.delete(stream);
    this.#open.set(stream, open);
    if (open.file.seekSync(0, Deno.SeekMode.End) !== open.end.bytes) open.end = this.#findEnd(stream, open);
    return open;
  }

  /** The last known position in a stream's file that is at or before the line with this sequence number. */
  positionBefore(stream: string, seq: number): FileEnd {
    const end = this.#open.get(stream)?.end ?? this.#ends.get(stream);
    return end !== undefined && end.lines <= seq ? end : FILE_START;
  }

  /** Remembers the end of a file that was just read. */
  remember(stream: string, end: FileEnd): void {
    this.#ends.delete(stream);
    this.#ends.set(stream, end);
    if (this.#ends.size > ENDS_MAX) this.#ends.delete(this.#ends.keys().next().value!);
  }

  forget(stream: string): void {
    this.#open.get(stream)?.file.close();
    this.#open.delete(stream);
    this.#ends.delete(stream);
  }

  /** Closes all files without a running append. */
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

  #makeFolder(folder: string): string[] {
    const changed = this.#hasFolder ? [] : makeFolder(this.#folder);
    this.#hasFolder = true;
    return folder === this.#folder ? changed : [...changed, ...makeFolderOnce(folder)];
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

/** The known length of a log in bytes, and the number of its file (`null` if unknown). */
type HeldLog = { bytes: number; inode: number | null };

/** Watches the logs that this process has read or written. They must still be there when the work ends. */
export class HeldLogs {
  readonly #files: StreamFiles;
  readonly #held = new Map<string, HeldLog>();

  constructor(files: StreamFiles) {
    this.#files = files;
  }

  /** Whether the log is watched. */
  has(stream: string): boolean {
    return this.#held.has(stream);
  }

  /** Notes that a log has at least this many bytes, and its file's number. The caller can update the result later. */
  note(stream: string, bytes: number, inode: number | null): HeldLog {
    const held = this.#held.get(stream);
    if (held !== undefined) return Object.assign(held, { bytes, inode });
    const log = { bytes, inode };
    this.#held.set(stream, log);
    return log;
  }

  /** Stops watching a log. */
  forget(stream: string): void {
    this.#held.delete(stream);
  }

  /**
   * Checks that watched logs are still there, and not shorter than before.
   *
   * @throws {StoreError} When a log was deleted, moved, replaced or shortened.
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
      `Cannot continue: ${first}${lost > 1 ? `, and ${lost - 1} more logs are missing or changed` : ""}. ` +
        `What was written to ${lost > 1 ? "them" : "it"} may be lost. ${PUT_BACK}`,
    );
  }

  /**
   * What is wrong with a log; `null` if nothing is. A log may grow, because other programs may append to it. The number
   * of its file may change while its length stays the same, because some systems renumber files.
   */
  #problemOf(stream: string, { bytes, inode }: HeldLog): string | null {
    const path = this.#files.find(stream);
    const info = path === null ? null : infoAt(path);
    if (info === null) {
      return `the log "${this.#files.pathOf(stream)}" was deleted or moved while it was in use`;
    }
    // If the path never was a file, the log is damaged, and reading it reports this.
    if (bytes === 0 && !info.isFile) return null;
    const isReplaced = info.size > bytes && inode !== null && info.ino !== inode;
    if (info.isFile && info.size >= bytes && !isReplaced) return null;
    return `the log "${path}" was replaced or changed by another program while it was in use ` +
      `(it has ${info.size} bytes; this process knows of ${bytes})`;
  }
}

/** The advice when files have disappeared. */
export const PUT_BACK =
  "Put moved files back, then give the same command again: it resumes from the files that are there";
