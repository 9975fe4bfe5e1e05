/** The run folder of imported discussions, and how these are written: each whole, or not at all. */
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

/** What a new folder says about its import. */
export type ImportDescription = Readonly<{
  /** Now, in milliseconds since 1970. */
  nowMs: number;
  versions: Readonly<Record<string, string>>;
  /** How many sub-folders the discussions are spread over. */
  shards: Shards;
}>;

/** A run folder that is open for an import. */
export type ImportFolder =
  & RunFolder
  & Readonly<{
    streams: WholeStreams;
    /** An empty folder for temporary files, removed when the folder is closed. */
    scratch: string;
    /** Records the imported files (name → SHA-256) and the new number of discussions, once these are durable. */
    record(sources: Readonly<Record<string, string>>, plan: RunManifest["plan"]): Promise<void>;
  }>;

/**
 * Opens a folder for importing discussions into it, and makes it when there is none. Removes what a killed import left: its
 * discussions are there whole, or not at all.
 *
 * @param path A folder that does not exist, is empty, or holds imported discussions.
 * @throws {RunFolderError} When the folder is in use, holds something else, or cannot be written to.
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

/** Streams that become durable together: syncing each alone takes most of the time. */
const BATCH_STREAMS = 256;

const BATCH_BYTES = 16 * 1024 * 1024;

const UNFINISHED = ".part";

const encoder = new TextEncoder();

type Waiting = Readonly<{ stream: string; path: string; bytes: Uint8Array }>;

/**
 * Writes complete streams to the folder of a store: each is there whole, or not at all. The caller holds the run's
 * lock.
 */
export class WholeStreams {
  readonly #folder: string;
  readonly #files: StreamFiles;
  readonly #held: HeldLogs;
  #waiting: Waiting[] = [];
  #bytes = 0;

  /** Touches nothing yet. */
  constructor(folder: string, shards: Shards) {
    this.#folder = folder;
    this.#files = streamFiles(folder, shards);
    this.#held = new HeldLogs(this.#files);
  }

  /**
   * Writes a new stream. It is there after a later call, or `flush`, has resolved.
   *
   * @throws {StoreError} When it cannot be written. Some of the streams in its batch may be there.
   */
  async write(stream: string, lines: readonly StoredLine[]): Promise<void> {
    const bytes = encoder.encode(`${lines.join("\n")}\n`);
    this.#waiting.push({ stream, path: this.#files.pathOf(stream), bytes });
    this.#bytes += bytes.length;
    if (this.#waiting.length >= BATCH_STREAMS || this.#bytes >= BATCH_BYTES) await this.flush();
  }

  /** Makes all written streams durable. @throws {StoreError} When that fails. */
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
