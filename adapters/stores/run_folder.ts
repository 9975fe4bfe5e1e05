/** Opens run folders for reading and for writing. */
import { dirname, join } from "node:path";
import { makeFolderOnce, writeTextAtomically } from "./durable_files.ts";
import { JsonlEventStore, type JsonlEventStoreOptions } from "./jsonl_event_store.ts";
import {
  describeReached,
  describeRun,
  type Reaching,
  readRecorded,
  type Recorded,
  type RunDescription,
} from "./run_description.ts";
import { type RunLock, type RunPart, whileLocked } from "./run_lock.ts";
import { makeRunFolder, readManifest, refuseForeignFolder, RUN_FILES, RunEntries } from "./run_files.ts";
import { unusable } from "./store_errors.ts";

export type { RunDescription } from "./run_description.ts";

/** A run folder that is open for reading, by any number of processes. */
export type RunReader =
  & Recorded
  & Readonly<{
    path: string;
    /** The run's discussions. Append only through a `RunFolder`. */
    store: JsonlEventStore;
  }>;

/** A run folder that is open for writing. */
export type RunFolder =
  & RunReader
  & Readonly<{
    resumed: boolean;
    /**
     * Closes the files and releases the lock.
     *
     * @throws {StoreError} When files of the run have disappeared. The lock is released even then.
     */
    close: () => Promise<void>;
  }>;

/** How a run folder is opened for writing. */
export type RunFolderOptions =
  & Omit<JsonlEventStoreOptions, "shards">
  & Readonly<{
    part?: RunPart;
  }>;

/**
 * Opens a run folder for writing, and makes it if it is missing. Until the folder is closed or this process ends, no
 * other process can write to the run, except for its other parts.
 *
 * @param path This run's folder, an empty folder, or a new path.
 * @param run What to run. If the folder already has a run, both must have the same fingerprint.
 * @throws {RunFolderError} When the folder is in use, contains something else, or cannot be written.
 */
export async function openRunFolder(
  path: string,
  run: RunDescription,
  options: RunFolderOptions = {},
): Promise<RunFolder> {
  refuseForeignFolder(path);
  await makeRunFolder(path);
  return await whileLocked(path, options.part, async (lock) => {
    const resumed = await describeRun(path, run, options.part);
    return await opened(path, { ...readRecorded(path), resumed, lock, options });
  });
}

/**
 * Opens a run folder for reading, even while a process writes to it. Changes nothing.
 *
 * @throws {RunFolderError} When the folder has no run, or cannot be read.
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
 * Opens an existing run, also an imported run, to add to its logs.
 *
 * @throws {RunFolderError} When the folder has no run, is in use or cannot be written, or when answers of two models
 *   would mix.
 */
export async function openHeldRun(
  path: string,
  { reaching, ...options }: RunFolderOptions & Readonly<{ reaching?: Reaching }> = {},
): Promise<RunFolder> {
  readManifest(path);
  return await whileLocked(path, options.part, async (lock) => {
    if (reaching !== undefined) await describeReached(path, reaching);
    return await opened(path, { ...readRecorded(path), resumed: true, lock, options });
  });
}

/**
 * Writes a file of an open run folder atomically. Makes a missing sub-folder, but fails if the run folder itself has
 * disappeared.
 */
export async function writeRunFile(run: string, name: string, text: string): Promise<void> {
  const path = join(run, name);
  try {
    if (dirname(name) !== ".") makeFolderOnce(dirname(path));
    await writeTextAtomically(path, text);
  } catch (cause) {
    throw unusable("write", path, cause);
  }
}

type Opening = Recorded & Readonly<{ resumed: boolean; lock: RunLock; options: RunFolderOptions }>;

/** Opens the store of a locked run folder. From now on, the store fails if a file of the run disappears. */
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
