/** Writes streams that are complete from the start: each is there whole, or not at all. */
import { basename, dirname, join } from "node:path";
import type { StoredLine } from "../../core/events/mod.ts";
import { folderSync, makeFolder } from "./folder_sync.ts";
import { HeldLogs } from "./held_logs.ts";
import { storeError } from "./storage_error.ts";
import { type Shards, type StreamFiles, streamFiles } from "./stream_files.ts";

/** Streams that wait to become durable together: syncing each alone costs most of the time. */
const BATCH_STREAMS = 256;

/** A batch is not held back for more than that. */
const BATCH_BYTES = 16 * 1024 * 1024;

const UNFINISHED = ".part";

const encoder = new TextEncoder();

type Waiting = Readonly<{ stream: string; path: string; bytes: Uint8Array }>;

/** Writes whole streams to the folder of a store. The caller holds the run's lock. */
export class WholeStreams {
  readonly #folder: string;
  readonly #files: StreamFiles;
  readonly #held: HeldLogs;
  #waiting: Waiting[] = [];
  #bytes = 0;

  /**
   * Touches nothing yet.
   *
   * @param folder Where the store's files are.
   * @param shards How many sub-folders they are spread over.
   */
  constructor(folder: string, shards: Shards) {
    this.#folder = folder;
    this.#files = streamFiles(folder, shards);
    this.#held = new HeldLogs(this.#files);
  }

  /**
   * Writes a stream; it is there once a later call, or `flush`, has resolved.
   *
   * @param stream The stream's name; there is none of that name yet.
   * @param lines All of its lines.
   * @throws {StoreError} When it cannot be written; of the streams that wait with it, some may be there.
   */
  async write(stream: string, lines: readonly StoredLine[]): Promise<void> {
    const bytes = encoder.encode(`${lines.join("\n")}\n`);
    this.#waiting.push({ stream, path: this.#files.pathOf(stream), bytes });
    this.#bytes += bytes.length;
    if (this.#waiting.length >= BATCH_STREAMS || this.#bytes >= BATCH_BYTES) await this.flush();
  }

  /** Makes everything durable that was written so far. @throws {StoreError} When that fails. */
  async flush(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    const folders = new Set<string>();
    try {
      await Promise.all(batch.map(async ({ path, bytes }) => {
        for (const changed of makeFolder(dirname(path))) folders.add(changed);
        folders.add(dirname(path));
        await writeDurably(path + UNFINISHED, bytes);
      }));
      for (const { path } of batch) Deno.renameSync(path + UNFINISHED, path);
      for (const { stream, bytes } of batch) this.#held.note(stream, bytes.length, null);
      const sync = folderSync();
      await Promise.all([...folders].map((folder) => sync.sync(folder)));
    } catch (cause) {
      for (const { path } of batch) removeIfThere(path + UNFINISHED);
      throw storeError("write", this.#folder, cause);
    }
  }

  /** Looks whether everything is still there that was written. @throws {StoreError} When it is not. */
  check(): void {
    this.#held.check();
  }

  /** Removes what a killed process had begun to write and never finished. */
  async clearUnfinished(): Promise<void> {
    try {
      for await (const { name, isDirectory } of Deno.readDir(this.#folder)) {
        const path = join(this.#folder, name);
        if (isDirectory) {
          for await (const inner of Deno.readDir(path)) clearIfUnfinished(join(path, inner.name));
        } else clearIfUnfinished(path);
      }
    } catch (cause) {
      throw storeError("clear", this.#folder, cause);
    }
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  using file = Deno.openSync(path, { write: true, create: true, truncate: true });
  for (let written = 0; written < bytes.length;) written += file.writeSync(bytes.subarray(written));
  await file.syncData();
}

function clearIfUnfinished(path: string): void {
  if (basename(path).endsWith(`.jsonl${UNFINISHED}`)) Deno.removeSync(path);
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It was never made, or has its own name already: the first error says what happened.
  }
}
