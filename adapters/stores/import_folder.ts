/** The run folder of imported discussions. An import writes each discussion completely or not at all. */
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
import { whileLocked } from "./run_lock.ts";
import { MANIFEST_FORMAT, type RunManifest } from "./run_manifest.ts";
import { type Shards, type StreamFiles, streamFiles } from "./stream_files.ts";
import type { StoredLine } from "../../core/events/mod.ts";
import { makeFolder, removeIfThere, syncFolder, writeAll } from "./durable_files.ts";
import { HeldLogs } from "./open_streams.ts";

/** The description of a new folder for an import. */
export type ImportDescription = Readonly<{
  /** Now, in milliseconds since 1970. */
  nowMs: number;
  versions: Readonly<Record<string, string>>;
  /** The number of sub-folders for the discussions. */
  shards: Shards;
}>;

/** A run folder that is open for an import. */
export type ImportFolder =
  & RunFolder
  & Readonly<{
    streams: WholeStreams;
    /** An empty folder for temporary files. `close()` removes it. */
    scratch: string;
    /** Records the imported files (name → SHA-256) and the new plan. Call it after the discussions are durable. */
    record(sources: Readonly<Record<string, string>>, plan: RunManifest["plan"]): Promise<void>;
  }>;

/**
 * Opens a folder for imported discussions, and makes it if it is missing. Removes the unfinished files of a killed import.
 *
 * @param path A folder of imported discussions, an empty folder, or a new path.
 * @throws {RunFolderError} When the folder is in use, contains something else, or cannot be written.
 */
export async function openImportFolder(
  path: string,
  description: ImportDescription,
): Promise<ImportFolder> {
  refuseForeignFolder(path);
  await makeRunFolder(path);
  return await whileLocked(path, undefined, async (lock) => {
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
  });
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

export function clear(folder: string): void {
  try {
    if (existsSync(folder)) Deno.removeSync(folder, { recursive: true });
  } catch (cause) {
    throw unusable("clear", folder, cause);
  }
}

/** The number of streams that are synced together: to sync each of them alone would be much slower. */
const BATCH_STREAMS = 256;

const BATCH_BYTES = 16 * 1024 * 1024;

const UNFINISHED = ".part";

const encoder = new TextEncoder();

type Waiting = Readonly<{ stream: string; path: string; bytes: Uint8Array }>;

/**
 * Writes complete streams to the folder of a store. A killed process leaves no incomplete stream. The caller must have the
 * run's lock.
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

  /** Writes the streams of the batch durably. @throws {StoreError} When this fails. */
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
