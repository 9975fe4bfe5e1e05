/** Run folders of discussions that were held elsewhere. */
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { opened, type RunFolder } from "./run_folder.ts";
import {
  makeRunFolder,
  readManifest,
  refuseForeignFolder,
  RUN_FILES,
  writeDescription,
} from "./run_files.ts";
import { RunFolderError, unusable } from "./run_folder_error.ts";
import { lockRun } from "./run_lock.ts";
import { MANIFEST_FORMAT, type RunManifest } from "./run_manifest.ts";
import type { Shards } from "./stream_files.ts";
import { WholeStreams } from "./whole_streams.ts";

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
