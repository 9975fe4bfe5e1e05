/** Opens run folders for reading and for writing. */
import { join } from "node:path";
import { folderFiles } from "./folder_files.ts";
import { folderLogs } from "./folder_logs.ts";
import { JsonlEventStore, type JsonlEventStoreOptions } from "./jsonl_event_store.ts";
import {
  type Reaching,
  type Recorded,
  type RunDescription,
  type RunOpening,
  type RunReader,
  type RunWriter,
} from "../../core/ports/mod.ts";
import { manifestOf, type RunEvent } from "../../core/run_log/mod.ts";
import { describeReached, describeRun, readRecorded, recordEvent } from "./run_description.ts";
import { type RunLock, whileLocked } from "./run_lock.ts";
import {
  keepInputs,
  makeRunFolder,
  readInput,
  readManifest,
  refuseForeignFolder,
  RUN_FILES,
  RunEntries,
} from "./run_files.ts";
import { RunLogFile } from "./run_log_file.ts";
import { appendRunText, readRunText, writeRunText } from "./run_text_file.ts";
import { folderPersonKeys } from "./person_keys.ts";

/** How a run folder is opened for writing. */
export type RunFolderOptions = RunOpening & FolderRunOptions;

/** How the logs of a run folder are written. */
export type FolderRunOptions = Omit<JsonlEventStoreOptions, "shards" | "guard" | "keys">;

/**
 * Opens a run folder for writing, and makes it if it is missing. Until the folder is closed or this process ends, no
 * other process can write to the run, except for its other parts.
 *
 * @param path This run's folder, an empty folder, or a new path.
 * @param run What to run. If the folder already has a run, both must have the same fingerprint.
 * @throws {RunError} When the folder is in use, contains something else, or cannot be written.
 */
export async function openRunFolder(
  path: string,
  run: RunDescription,
  options: RunFolderOptions = {},
): Promise<RunWriter> {
  refuseForeignFolder(path);
  await makeRunFolder(path);
  return await whileLocked(path, options.part, async (lock) => {
    const resumed = await describeRun(path, run);
    return await opened(path, { ...readRecorded(path), resumed, lock, options });
  });
}

/**
 * Opens a run folder for reading, even while a process writes to it. Changes nothing.
 *
 * @throws {RunError} When the folder has no run, or cannot be read.
 */
export function readRunFolder(path: string): RunReader {
  const recorded = readRecorded(path);
  return { ...recorded, ...filesOf(path, recorded), store: folderLogs(path, recorded.manifest.shards) };
}

/** Reads the files of a run that are not logs. */
function filesOf(
  path: string,
  { manifest }: Recorded,
): Pick<RunReader, "place" | "input" | "readText" | "files"> {
  return {
    place: path,
    input(name, hash) {
      const { sources } = manifest;
      return readInput(path, name, hash ?? (Object.hasOwn(sources, name) ? sources[name]! : ""));
    },
    readText: (name) => readRunText(path, name),
    async *files(chosen) {
      yield* folderFiles(path, { manifest }, chosen);
    },
  };
}

/**
 * Opens an existing run, also an imported run, to add to its logs.
 *
 * @throws {RunError} When the folder has no run, is in use or cannot be written, or when answers of two models
 *   would mix.
 */
export async function openHeldRun(
  path: string,
  { reaching, ...options }: RunFolderOptions & Readonly<{ reaching?: Reaching }> = {},
): Promise<RunWriter> {
  readManifest(path);
  return await whileLocked(path, options.part, async (lock) => {
    if (reaching !== undefined) await describeReached(path, reaching);
    return await opened(path, { ...readRecorded(path), resumed: true, lock, options });
  });
}

type Opening = Recorded & Readonly<{ resumed: boolean; lock: RunLock; options: RunFolderOptions }>;

/** Opens the store of a locked run folder. From now on, the store fails if a file of the run disappears. */
export async function opened(
  path: string,
  { resumed, lock, options, ...recorded }: Opening,
): Promise<RunWriter> {
  const { part, ...storeOptions } = options;
  const entries = new RunEntries(path, lock, part);
  const store = new JsonlEventStore(join(path, RUN_FILES.discussions), {
    ...storeOptions,
    shards: recorded.manifest.shards,
    guard: () => entries.check(),
    keys: folderPersonKeys(path),
  });
  await store.watch();
  let { log, manifest } = recorded;
  let isOpen = true;
  const checkOpen = () => {
    if (!isOpen) throw new TypeError(`Cannot write to the run "${path}": it is closed`);
  };
  const file = new RunLogFile(path);
  const record = async (event: RunEvent, nowMs: number) => {
    if (log.kind !== "kept") return false;
    entries.check();
    log = { kind: "kept", log: await recordEvent(path, { file, event, nowMs }) };
    manifest = manifestOf(log.log);
    return true;
  };
  /** The last recording of an event. The next recording waits for it. */
  let recording: Promise<unknown> = Promise.resolve();
  return {
    ...recorded,
    ...filesOf(path, recorded),
    get log() {
      return log;
    },
    get manifest() {
      return manifest;
    },
    store,
    resumed,
    record: (event, atMs) =>
      Promise.try(() => {
        checkOpen();
        const recorded = recording.then(() => record(event, atMs));
        recording = recorded.catch(() => {});
        return recorded;
      }),
    keepInputs: (inputs) =>
      Promise.try(() => {
        checkOpen();
        return keepInputs(path, inputs);
      }),
    writeText: (name, text) =>
      Promise.try(() => {
        checkOpen();
        return writeRunText(path, name, text);
      }),
    appendText: (name, line) =>
      Promise.try(() => {
        checkOpen();
        entries.check();
        return appendRunText(path, name, line);
      }),
    async close() {
      isOpen = false;
      await recording;
      try {
        await store.close();
      } finally {
        lock[Symbol.dispose]();
      }
    },
  };
}
