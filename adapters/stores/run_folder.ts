/** The folder that a run lives in: what was run, and its discussions. */
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeTextAtomically } from "./durable_files.ts";
import { JsonlEventStore, type JsonlEventStoreOptions } from "./jsonl_event_store.ts";
import {
  describeReached,
  describeRun,
  type Reaching,
  readRecorded,
  type Recorded,
  type RunDescription,
} from "./run_description.ts";
import { lockRun, type RunLock, type RunPart } from "./run_lock.ts";
import { makeRunFolder, readManifest, refuseForeignFolder, RUN_FILES, RunEntries } from "./run_files.ts";
import { unusable } from "./store_errors.ts";

export type { RunDescription } from "./run_description.ts";

/** A run folder that is open for reading: any number of processes can have it open. */
export type RunReader =
  & Recorded
  & Readonly<{
    /** The folder. */
    path: string;
    /** The run's discussions; appending to them needs the folder open for writing. */
    store: JsonlEventStore;
  }>;

/** A run folder that is open for writing, until it is closed. */
export type RunFolder =
  & RunReader
  & Readonly<{
    /** Whether the folder held the run already. */
    resumed: boolean;
    /**
     * Closes the store's files, and gives the lock back.
     *
     * @throws {StoreError} When something of the run has disappeared since it was opened; all is closed then, too.
     */
    close: () => Promise<void>;
  }>;

/** How a run folder is opened for writing. */
export type RunFolderOptions =
  & Omit<JsonlEventStoreOptions, "shards">
  & Readonly<{
    /** The part of the run that this process writes; everything when it is left out. */
    part?: RunPart;
  }>;

/**
 * Opens a run folder for writing; makes it when there is none. Until it is closed, or the process ends in whatever
 * way, no other process can do the same.
 *
 * @param path The folder: one that does not exist, an empty one, or one that holds this run already.
 * @param run What is to be run. For a folder that holds the run already, only the fingerprint counts.
 * @param options See there.
 * @throws {RunFolderError} When it is in use, holds something else, or cannot be written to.
 */
export async function openRunFolder(
  path: string,
  run: RunDescription,
  options: RunFolderOptions = {},
): Promise<RunFolder> {
  refuseForeignFolder(path);
  await makeRunFolder(path);
  const lock = await lockRun(path, options.part);
  try {
    const resumed = await describeRun(path, run, options.part);
    const { manifest, ...recorded } = readRecorded(path);
    return await opened(path, { ...recorded, manifest, resumed, lock, options });
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
}

/**
 * Opens a run folder for reading, also while a process writes to it. Changes nothing.
 *
 * @param path The folder.
 * @throws {RunFolderError} When there is no run in it, or it cannot be read.
 */
export function readRunFolder(path: string): RunReader {
  const recorded = readRecorded(path);
  return {
    path,
    ...recorded,
    store: new JsonlEventStore(join(path, RUN_FILES.discussions), {
      shards: recorded.manifest.shards,
      durable: false,
    }),
  };
}

/**
 * Opens a run that is there already for writing, whatever it is a run of: to add to its logs.
 *
 * @param path The folder.
 * @param options See there; and where models are asked, of which logs say the same.
 * @throws {RunFolderError} When there is no run in it, answers of two models would be mixed, it is in use, or it cannot be written to.
 */
export async function openHeldRun(
  path: string,
  { reaching, ...options }: RunFolderOptions & Readonly<{ reaching?: Reaching }> = {},
): Promise<RunFolder> {
  readManifest(path);
  const lock = await lockRun(path, options.part);
  try {
    if (reaching !== undefined) await describeReached(path, reaching);
    return await opened(path, { ...readRecorded(path), resumed: true, lock, options });
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
}

/**
 * Keeps a text in a run folder that is open for writing; what was there before is replaced as a whole.
 *
 * @param path The file, within the run's folder.
 * @param text Its content.
 * @throws {RunFolderError} When it cannot be written.
 */
export async function writeRunFile(path: string, text: string): Promise<void> {
  try {
    makeOneFolder(dirname(path));
    await writeTextAtomically(path, text);
  } catch (cause) {
    throw unusable("write", path, cause);
  }
}

/** The run's own folder is never made again: one that has disappeared is an error. */
function makeOneFolder(folder: string): void {
  if (!existsSync(folder)) mkdirSync(folder);
}

type Opening = Recorded & Readonly<{ resumed: boolean; lock: RunLock; options: RunFolderOptions }>;

/** A run folder whose lock is held, as what its users get. What disappears from now on is an error. */
export async function opened(
  path: string,
  { resumed, lock, options, ...recorded }: Opening,
): Promise<RunFolder> {
  const { part, ...storeOptions } = options;
  const entries = new RunEntries(path, lock, part);
  const store = new JsonlEventStore(join(path, RUN_FILES.discussions), {
    ...storeOptions,
    shards: recorded.manifest.shards,
    guard: () => entries.check(),
  });
  await store.watch();
  return {
    path,
    ...recorded,
    store,
    resumed,
    async close() {
      try {
        await store.close();
      } finally {
        lock[Symbol.dispose]();
      }
    },
  };
}
