/** Finds the run that a path of the file system belongs to. */
import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import type { EventStore, RunHome } from "../../core/ports/mod.ts";
import { kindAt } from "../path_info.ts";
import { folderRun } from "./folder_run.ts";
import { JsonlEventStore } from "./jsonl_event_store.ts";
import { folderPersonKeys } from "./person_keys.ts";
import { isRunsOwn, readManifest, RUN_FILES } from "./run_files.ts";
import { streamOf } from "./stream_files.ts";

/** A log that a user named by its file. */
export type LogFile = Readonly<{
  discussion: string;
  /** A store with this discussion, and perhaps others. */
  store: EventStore;
  /** The run that the log belongs to; `null` if its file is outside a run's folder. */
  home: RunHome | null;
}>;

/**
 * Opens the log of a discussion for reading.
 *
 * @param path The path of a file.
 * @returns `null` if the file does not have the name of a log.
 */
export function openLogFile(path: string): LogFile | null {
  const discussion = streamOf(basename(path));
  if (discussion === null) return null;
  const folder = dirname(resolve(path));
  // Logs are in the run's folder of discussions, or in a sub-folder of it.
  const run = [dirname(folder), dirname(dirname(folder))].find((parent) =>
    existsSync(join(parent, RUN_FILES.manifest))
  );
  return {
    discussion,
    store: new JsonlEventStore(dirname(path), {
      durable: false,
      ...(run === undefined ? {} : { keys: folderPersonKeys(run) }),
    }),
    home: run === undefined ? null : folderRun(run),
  };
}

/**
 * The file with the lines of a stream, for programs that read files faster than a store does.
 *
 * @returns `null` if the store keeps no such files. The file need not exist, and can end with an unfinished line.
 */
export function lineFileOf(store: EventStore, stream: string): string | null {
  return store instanceof JsonlEventStore ? store.locate(stream) : null;
}

/**
 * The folder of the run to which a path belongs as one of the run's own files; `null` if there is none.
 *
 * @param path An absolute path without links. Nothing needs to exist there.
 */
export function runThatOwns(path: string): string | null {
  const owns = (folder: string) =>
    [RUN_FILES.manifest, RUN_FILES.discussions].every((name) => existsSync(join(folder, name))) &&
    isRunsOwn(relative(folder, path).split(sep)[0]!);
  return foldersAbove(path).find(owns) ?? null;
}

/** A file in a run's folder. */
export type FileOfRun = Readonly<{
  run: RunHome;
  /** The file's path below the run's folder, with `/`. */
  name: string;
  isExperiment: boolean;
}>;

/** The run whose folder contains a file; `null` if there is none. Follows links. */
export function fileOfRun(path: string): FileOfRun | null {
  if (!existsSync(path)) return null;
  const file = realpathSync(path);
  const folder = foldersAbove(file).find(isRun);
  if (folder === undefined) return null;
  const name = relative(folder, file).replaceAll(sep, "/");
  return { run: folderRun(folder), name, isExperiment: name === RUN_FILES.experiment };
}

/** The experiment file of the run, if a path is a run's folder; otherwise the path. */
export function experimentFileAt(path: string): string {
  return kindAt(path) === "folder" && isRun(path) ? join(path, RUN_FILES.experiment) : path;
}

/**
 * Whether a folder is a run's folder. One name is not enough, because other programs use the same names for their
 * files.
 */
function isRun(folder: string): boolean {
  const isThere = (name: string) => existsSync(join(folder, name));
  const hasManifest = isThere(RUN_FILES.manifest);
  if (isThere(RUN_FILES.discussions)) return hasManifest || isThere(RUN_FILES.runLog);
  if (!hasManifest) return false;
  try {
    readManifest(folder);
    return true;
  } catch {
    return false;
  }
}

/** The folders that contain a path, the innermost first. */
function foldersAbove(path: string): readonly string[] {
  const folder = dirname(path);
  return folder === path ? [] : [folder, ...foldersAbove(folder)];
}
