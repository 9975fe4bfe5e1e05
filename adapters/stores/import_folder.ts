/** Run folders of discussions that were held elsewhere. */
import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { opened, type RunFolder } from "./run_folder.ts";
import {
  makeRunFolder,
  readManifest,
  refuseForeignFolder,
  RUN_FILES,
  writeDescription,
} from "./run_files.ts";
import { RunFolderError, storeError, unusable } from "./store_errors.ts";
import { lockRun } from "./run_lock.ts";
import { MANIFEST_FORMAT, type RunManifest } from "./run_manifest.ts";
import { type Shards, type StreamFiles, streamFiles } from "./stream_files.ts";
import type { StoredLine } from "../../core/events/mod.ts";
import { folderSync, makeFolder } from "./durable_files.ts";
import { HeldLogs } from "./open_streams.ts";

/** What an import knows of itself. */
export type ImportDescription = Readonly<{
  /** Now, in milliseconds since 1970. */
  nowMs: number;
  versions: Readonly<Record<string, string>>;
  /** How many sub-folders a new folder's discussions are spread over. */
  shards: Shards;
}>;

/** A run folder that is open for an import, until it is closed. */
export type ImportFolder =
  & RunFolder
  & Readonly<{
    /** Writes imported discussions. */
    streams: WholeStreams;
    /** An empty folder for what the import needs for a while; it is gone when the folder is closed. */
    scratch: string;
    /**
     * Says what the folder holds, once the discussions are durable.
     *
     * @param sources The files that were imported: name → SHA-256.
     * @param plan How many discussions there are now.
     */
    record(sources: Readonly<Record<string, string>>, plan: RunManifest["plan"]): Promise<void>;
  }>;

/**
 * Opens a folder for importing discussions into it; makes it when there is none. What an import left behind that was
 * killed is cleared away: its discussions are there whole, or not at all.
 *
 * @param path A folder that does not exist, an empty one, or one that holds imported discussions already.
 * @param description Counts for a new folder alone.
 * @throws {RunFolderError} When it is in use, holds something else, or cannot be written to.
 */
export async function openImportFolder(
  path: string,
  description: ImportDescription,
): Promise<ImportFolder> {
  refuseForeignFolder(path);
  await makeRunFolder(path);
  const lock = await lockRun(path);
  try {
    const resumed = existsSync(join(path, RUN_FILES.manifest));
    if (!resumed) await writeDescription(path, newManifest(path, description));
    const manifest = readManifest(path);
    if (manifest.experiment.file !== null) {
      throw new RunFolderError(
        "other-experiment",
        `Cannot import into "${path}": it holds the run of an experiment. Choose another folder`,
      );
    }
    const scratch = join(path, RUN_FILES.scratch);
    clear(scratch);
    const folder = await opened(path, {
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
      ...folder,
      streams,
      scratch,
      record: (sources, plan) =>
        writeDescription(path, { ...manifest, sources: { ...manifest.sources, ...sources }, plan }),
      async close() {
        try {
          clear(scratch);
          streams.check();
        } finally {
          await folder.close();
        }
      },
    };
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
}

function newManifest(path: string, { nowMs, versions, shards }: ImportDescription): RunManifest {
  return {
    format: MANIFEST_FORMAT,
    createdAt: new Date(nowMs).toISOString(),
    experiment: { name: basename(resolve(path)), file: null, sha256: null },
    fingerprint: "imported",
    resolved: {},
    sources: {},
    seed: null,
    plan: { discussions: 0, conditions: 0, replications: 0 },
    versions,
    shards,
  };
}

/** Removes a folder that an import needed for a while, if it is there. */
export function clear(folder: string): void {
  try {
    if (existsSync(folder)) Deno.removeSync(folder, { recursive: true });
  } catch (cause) {
    throw unusable("clear", folder, cause);
  }
}

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
