/** The run folder of imported discussions. An import writes each discussion completely or not at all. */
import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { isAddress } from "./address.ts";
import { opened } from "./run_folder.ts";
import {
  makeRunFolder,
  readManifest,
  refuseForeignFolder,
  RUN_FILES,
  writeDescription,
} from "./run_files.ts";
import type { ImportDescription, ImportWriter } from "../../core/ports/mod.ts";
import { importedManifest, RunError } from "../../core/run_log/mod.ts";
import { storeError, unusable } from "./store_errors.ts";
import { whileLocked } from "./run_lock.ts";
import { type Shards, type StreamFiles, streamFiles } from "./stream_files.ts";
import type { StoredLine } from "../../core/events/mod.ts";
import { makeFolder, removeIfThere, syncFolder, writeAll } from "./durable_files.ts";
import { HeldLogs } from "./open_streams.ts";

/**
 * Opens a folder for imported discussions, and makes it if it is missing. Removes the unfinished files of a killed
 * import.
 *
 * @param path A folder of imported discussions, an empty folder, or a new path.
 * @throws {RunError} When the folder is in use, contains something else, or cannot be written.
 */
export async function openImportFolder(
  path: string,
  description: ImportDescription,
): Promise<ImportWriter> {
  refuseForeignFolder(path);
  await makeRunFolder(path);
  return await whileLocked(path, undefined, async (lock) => {
    const resumed = existsSync(join(path, RUN_FILES.manifest));
    if (!resumed) await writeDescription(path, importedManifest(basename(resolve(path)), description));
    const manifest = readManifest(path);
    if (manifest.experiment.file !== null) {
      throw new RunError(
        "other-experiment",
        `Cannot import into "${path}": it holds the run of an experiment. Choose another folder`,
      );
    }
    clear(join(path, RUN_FILES.scratch));
    const run = await opened(path, {
      manifest,
      log: { kind: "none" },
      problems: [],
      experimentText: null,
      resumed,
      lock,
      options: {},
    });
    const streams = new WholeStreams(join(path, RUN_FILES.discussions), manifest.shards);
    await streams.clearUnfinished();
    return {
      ...run,
      importStream: (stream, lines) => streams.write(stream, lines),
      flush: () => streams.flush(),
      recordImport: (sources, plan) =>
        writeDescription(path, { ...manifest, sources: { ...manifest.sources, ...sources }, plan }),
      async close() {
        try {
          streams.check();
        } finally {
          await run.close();
        }
      },
    };
  });
}

/**
 * Makes an empty folder for temporary files, in the run's folder if it has one, and removes it when it is disposed
 * of. The caller must have the run's lease.
 *
 * @param place The place of the run.
 */
export function scratchIn(place: string): Disposable & Readonly<{ path: string }> {
  const path = isAddress(place)
    ? Deno.makeTempDirSync({ prefix: "syndisco-" })
    : join(place, RUN_FILES.scratch);
  clear(path);
  return { path, [Symbol.dispose]: () => clear(path) };
}

function clear(folder: string): void {
  try {
    if (existsSync(folder)) Deno.removeSync(folder, { recursive: true });
  } catch (cause) {
    throw unusable("clear", folder, cause);
  }
}

/** At most this many streams are synced together. To sync each of them alone would be much slower. */
const BATCH_STREAMS = 256;

const BATCH_BYTES = 16 * 1024 * 1024;

const UNFINISHED = ".part";

const encoder = new TextEncoder();

type Waiting = Readonly<{ stream: string; path: string; bytes: Uint8Array }>;

/**
 * Writes complete streams to the folder of a store. A killed process leaves no incomplete stream. The caller must
 * have the run's lock.
 */
export class WholeStreams {
  readonly #folder: string;
  readonly #files: StreamFiles;
  readonly #held: HeldLogs;
  #waiting: Waiting[] = [];
  #bytes = 0;

  /** Does not touch the disk yet. */
  constructor(folder: string, shards: Shards) {
    this.#folder = folder;
    this.#files = streamFiles(folder, shards);
    this.#held = new HeldLogs(this.#files);
  }

  /**
   * Adds a new stream to the batch, and writes the batch when it is full. Call `flush()` to write the last batch.
   *
   * @throws {StoreError} When the batch cannot be written. Some of its streams may be on the disk.
   */
  async write(stream: string, lines: readonly StoredLine[]): Promise<void> {
    const bytes = encoder.encode(`${lines.join("\n")}\n`);
    this.#waiting.push({ stream, path: this.#files.pathOf(stream), bytes });
    this.#bytes += bytes.length;
    if (this.#waiting.length >= BATCH_STREAMS || this.#bytes >= BATCH_BYTES) await this.flush();
  }

  /**
   * Writes the streams of the batch durably.
   *
   * @throws {StoreError} When this fails.
   */
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
      await Promise.all([...folders].map(syncFolder));
    } catch (cause) {
      for (const { path } of batch) removeIfThere(path + UNFINISHED);
      throw storeError("write", this.#folder, cause);
    }
  }

  /** Checks that all written streams are still there. */
  check(): void {
    this.#held.check();
  }

  /** Removes the unfinished files of a killed process. */
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
  writeAll(file, bytes);
  await file.syncData();
}

function clearIfUnfinished(path: string): void {
  if (basename(path).endsWith(`.jsonl${UNFINISHED}`)) Deno.removeSync(path);
}
