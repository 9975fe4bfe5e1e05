/** The folder that a run lives in: what was run, and its discussions. */
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeTextAtomically } from "./atomic_write.ts";
import { differencesBetween, listOfDifferences } from "./differences.ts";
import { JsonlEventStore, type JsonlEventStoreOptions } from "./jsonl_event_store.ts";
import { RunEntries } from "./run_entries.ts";
import {
  makeRunFolder,
  readManifest,
  readText,
  refuseForeignFolder,
  RESTORE_MANIFEST,
  RUN_FILES,
  writeDescription,
} from "./run_files.ts";
import { RunFolderError, unusable } from "./run_folder_error.ts";
import { keepInputs, type RunInputs } from "./run_inputs.ts";
import { lockRun, type RunLock, type RunPart } from "./run_lock.ts";
import { MANIFEST_FORMAT, type ManifestDraft, type RunManifest } from "./run_manifest.ts";

/** A run folder that is open for reading: any number of processes can have it open. */
export type RunReader = Readonly<{
  /** The folder. */
  path: string;
  manifest: RunManifest;
  /** The experiment file as it was run, verbatim; `null` where the discussions were imported. */
  experimentText: string | null;
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

/** What is to be run. */
export type RunDescription = Readonly<{
  /** The experiment file, verbatim. */
  experimentText: string;
  manifest: ManifestDraft;
  /** The files that the experiment names; the folder keeps copies. */
  inputs?: RunInputs;
  /** Now, in milliseconds since 1970. */
  nowMs: number;
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
    const resumed = existsSync(join(path, RUN_FILES.manifest));
    if (!resumed) await describe(path, run);
    const manifest = readManifest(path);
    if (manifest.experiment.file === null) {
      throw new RunFolderError(
        "other-experiment",
        `Cannot write the run to "${path}": it holds imported discussions. Choose another folder for this run`,
      );
    }
    if (manifest.fingerprint !== run.manifest.fingerprint) {
      throw otherExperiment(path, manifest, run.manifest);
    }
    refuseOtherModels(path, manifest, run.manifest);
    const current = await grown(path, manifest, run);
    return await opened(path, { manifest: current, resumed, lock, options });
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
  const manifest = readManifest(path);
  return {
    path,
    manifest,
    experimentText: experimentTextOf(path, manifest),
    store: new JsonlEventStore(join(path, RUN_FILES.discussions), {
      shards: manifest.shards,
      durable: false,
    }),
  };
}

/**
 * Opens a run that is there already for writing, whatever it is a run of: to add to its logs.
 *
 * @param path The folder.
 * @param options See there.
 * @throws {RunFolderError} When there is no run in it, it is in use, or it cannot be written to.
 */
export async function openHeldRun(path: string, options: RunFolderOptions = {}): Promise<RunFolder> {
  readManifest(path);
  const lock = await lockRun(path, options.part);
  try {
    return await opened(path, { manifest: readManifest(path), resumed: true, lock, options });
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

type Opening = Readonly<
  { manifest: RunManifest; resumed: boolean; lock: RunLock; options: RunFolderOptions }
>;

/** A run folder whose lock is held, as what its users get. What disappears from now on is an error. */
export async function opened(
  path: string,
  { manifest, resumed, lock, options }: Opening,
): Promise<RunFolder> {
  const { part, ...storeOptions } = options;
  const entries = new RunEntries(path, lock, part);
  const store = new JsonlEventStore(join(path, RUN_FILES.discussions), {
    ...storeOptions,
    shards: manifest.shards,
    guard: () => entries.check(),
  });
  await store.watch();
  return {
    path,
    manifest,
    experimentText: experimentTextOf(path, manifest),
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

async function describe(
  path: string,
  { experimentText, manifest, inputs = new Map(), nowMs }: RunDescription,
): Promise<void> {
  const isEmpty = Deno.readDirSync(join(path, RUN_FILES.discussions))[Symbol.iterator]().next().done;
  // Another part of the same run may have described it since, and begun.
  if (!isEmpty && !existsSync(join(path, RUN_FILES.manifest))) {
    throw new RunFolderError(
      "not-a-run",
      `Cannot write the run to "${path}": it holds discussions, but its "${RUN_FILES.manifest}" is missing. ` +
        RESTORE_MANIFEST,
    );
  }
  await keepInputs(path, inputs);
  const createdAt = new Date(nowMs).toISOString();
  await writeDescription(path, { format: MANIFEST_FORMAT, createdAt, ...manifest }, experimentText);
}

/** Answers of two models under one name cannot be told apart afterwards. Parts that are new are of models that are. */
function refuseOtherModels(
  path: string,
  { models: held = {} }: RunManifest,
  { models = {} }: ManifestDraft,
): void {
  const changed = Object.entries(models).filter(([part, now]) =>
    Object.hasOwn(held, part) && held[part] !== now
  );
  if (changed.length === 0) return;
  throw new RunFolderError(
    "other-experiment",
    `Cannot go on with the run "${path}": a model is not what it was when the run began; what has changed is` +
      `${listOfDifferences(changed.map(([part]) => part))}\n` +
      `Put the former model back to go on, or choose another folder to run with the one that is there now`,
  );
}

/** A run can be given more replications later; its folder then says so. Nothing else of it can change. */
async function grown(path: string, held: RunManifest, run: RunDescription): Promise<RunManifest> {
  const { experiment, plan, models } = run.manifest;
  if (plan.discussions <= held.plan.discussions) return held;
  const larger: RunManifest = {
    ...held,
    experiment,
    plan,
    ...(models === undefined ? {} : { models: { ...held.models, ...models } }),
  };
  await writeDescription(path, larger, run.experimentText);
  return larger;
}

function experimentTextOf(path: string, { experiment }: RunManifest): string | null {
  return experiment.file === null ? null : readText(join(path, RUN_FILES.experiment));
}

function otherExperiment(path: string, held: RunManifest, asked: ManifestDraft): RunFolderError {
  const differences = differencesBetween(held.resolved, asked.resolved);
  return new RunFolderError(
    "other-experiment",
    `Cannot go on with the run "${path}": it was made by another version of the experiment` +
      `${listOfDifferences(differences)}\n` +
      `Undo these changes to go on, or choose another folder to run the changed experiment`,
  );
}
