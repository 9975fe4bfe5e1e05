/** Runs in folders, behind the port of runs. */
import { recordingEnds, type RunHome, type RunWriter } from "../../core/ports/mod.ts";
import { RunError } from "../../core/run_log/mod.ts";
import { openImportFolder } from "./import_folder.ts";
import { pausedModels } from "./paused_models.ts";
import { receiveFolder } from "./receive_folder.ts";
import { recordLook } from "./record_look.ts";
import { recordWithdrawal } from "./record_withdrawal.ts";
import { type FolderRunOptions, openHeldRun, openRunFolder, readRunFolder } from "./run_folder.ts";
import { operationsLogFiles } from "./run_files.ts";
import { runHolders } from "./run_lock.ts";
import { requireDeno, systemClock } from "../system.ts";

/**
 * A folder that keeps one run.
 *
 * @param path This run's folder, an empty folder, or a new path.
 * @throws {Error} On Node.js, which cannot lock files.
 */
export function folderRun(path: string, options: FolderRunOptions = {}): RunHome {
  requireDeno(`use the run folder "${path}"`);
  return {
    place: path,
    open: async (run, { part } = {}) => recording(await openRunFolder(path, run, { ...options, part })),
    reopen: async (opening = {}) => recording(await openHeldRun(path, { ...options, ...opening })),
    join: () => Promise.reject(cannotShare(path)),
    openImport: (description) => openImportFolder(path, description),
    read: () => Promise.try(readRunFolder, path),
    recordLook: (look, atMs) => recordLook(path, look, atMs),
    withdraw: (person, atMs) => recordWithdrawal(path, person, atMs),
    holders: () => Promise.try(runHolders, path),
    // If no process writes to the run, its pauses have ended, even if it was killed and recorded no end.
    pausedModels: () =>
      Promise.try(() => runHolders(path).length === 0 ? [] : pausedModels(operationsLogFiles(path))),
    receive: (copy) => receiveFolder(path, copy),
  };
}

function cannotShare(path: string): RunError {
  return new RunError(
    "unusable",
    `Cannot join the run "${path}": processes cannot share the work on a folder. Give each process a part of the run with ` +
      "--shard, or keep the run in a database with --store postgres://HOST/DATABASE",
  );
}

function recording(run: RunWriter): RunWriter {
  return recordingEnds(run, systemClock.now);
}
