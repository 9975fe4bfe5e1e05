/** Appends to the log of a run, `run.jsonl`, which several processes share. */
import { join } from "node:path";
import { DamagedLine } from "../../core/events/event_type.ts";
import {
  encodeRunEvent,
  type RunEvent,
  type RunLog,
  runLogAfter,
  runLogAfterAll,
} from "../../core/run_log/mod.ts";
import { StoreError } from "../../core/ports/mod.ts";
import { isMissing } from "../path_info.ts";
import { nativeSha256, systemClock } from "../system.ts";
import { syncFolder, writeAll } from "./durable_files.ts";
import { decodeLines, lineChunks } from "./lines.ts";
import { PUT_BACK } from "./open_streams.ts";
import { RUN_FILES } from "./run_files.ts";
import { lockDescription } from "./run_lock.ts";
import { storeError } from "./store_errors.ts";

/** The next event, or a function that makes it from the log so far; `null` for none. */
export type NextEvent = RunEvent | ((log: RunLog | null) => RunEvent | null);

const encoder = new TextEncoder();

/**
 * The log of a run. Each call reads only the lines that were added since the last call, by this process or another one.
 * Processes that append take turns.
 */
export class RunLogFile {
  readonly #folder: string;
  readonly #path: string;
  #log: RunLog | null = null;
  /** The length of the lines that were read. */
  #bytes = 0;

  /**
   * Does not touch the disk yet.
   *
   * @param folder The run's folder.
   */
  constructor(folder: string) {
    this.#folder = folder;
    this.#path = join(folder, RUN_FILES.runLog);
  }

  /**
   * Reads the log. Ignores an unfinished last line.
   *
   * @returns `null` if it has no event.
   * @throws {DamagedLine} At the first line that does not continue the log.
   */
  read(): RunLog | null {
    try {
      using file = Deno.openSync(this.#path);
      this.#readOn(file);
    } catch (cause) {
      if (!isMissing(cause)) throw this.#failure("read", cause);
      if (this.#bytes > 0) throw this.#lost();
    }
    return this.#log;
  }

  /**
   * Appends an event. When the promise resolves, the event is durable.
   *
   * @param nowMs The time of the event, in milliseconds since 1970.
   * @returns The log, with the event if there was one.
   * @throws {StoreError} When the log is damaged, or cannot be written.
   * @throws {RunError} When another process keeps the log locked.
   */
  async append(next: NextEvent, nowMs: number = systemClock.now()): Promise<RunLog | null> {
    using _turn = await lockDescription(this.#folder);
    return await this.appendLocked(next, nowMs);
  }

  /** Appends as `append()` does. The caller has locked the run's description. */
  async appendLocked(next: NextEvent, nowMs: number): Promise<RunLog | null> {
    const log = this.#readToAppend();
    const event = typeof next === "function" ? next(log) : next;
    if (event === null) return log;
    const line = encodeRunEvent(log, event, { atMs: nowMs, sha256: nativeSha256 });
    const after = runLogAfter(log, line, nativeSha256);
    const bytes = encoder.encode(`${line}\n`);
    try {
      using file = Deno.openSync(this.#path, { read: true, write: true, create: log === null });
      // A killed process can leave an unfinished line.
      file.truncateSync(this.#bytes);
      try {
        file.seekSync(0, Deno.SeekMode.End);
        writeAll(file, bytes);
        await file.syncData();
        if (log === null) await syncFolder(this.#folder);
      } catch (cause) {
        file.truncateSync(this.#bytes);
        throw cause;
      }
    } catch (cause) {
      throw this.#failure("append to", cause);
    }
    this.#log = after;
    this.#bytes += bytes.length;
    return this.#log;
  }

  #readToAppend(): RunLog | null {
    try {
      return this.read();
    } catch (error) {
      if (!(error instanceof DamagedLine)) throw error;
      throw new StoreError(
        `Cannot append to "${this.#path}": it is damaged: ${error.message}. Restore it from a copy`,
        { cause: error },
      );
    }
  }

  #readOn(file: Deno.FsFile): void {
    const size = file.seekSync(0, Deno.SeekMode.End);
    if (size < this.#bytes) throw this.#lost();
    file.seekSync(this.#bytes, Deno.SeekMode.Start);
    for (const { bytes } of lineChunks(file, size - this.#bytes)) {
      this.#log = runLogAfterAll(this.#log, decodeLines(bytes), nativeSha256);
      this.#bytes += bytes.length;
    }
  }

  #lost(): StoreError {
    return new StoreError(
      `Cannot continue the run "${this.#folder}": "${this.#path}" was deleted, replaced or shortened while the run was ` +
        `in use; its content may be lost. ${PUT_BACK}`,
    );
  }

  #failure(action: string, cause: unknown): unknown {
    return cause instanceof DamagedLine || cause instanceof StoreError
      ? cause
      : storeError(action, this.#path, cause);
  }
}
