/** What a writer of logs found or wrote: all of it must be there when the work ends. */
import { statSync } from "node:fs";
import { StoreError } from "../../core/ports/mod.ts";
import type { StreamFiles } from "./stream_files.ts";

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
