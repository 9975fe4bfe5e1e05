/** Lists the files of a run folder that go into an archive. */
import { lstatSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { SUMS_FILE } from "../../sums.ts";
import { RUN_FILES } from "../run_files.ts";
import { RunError } from "../../../core/run_log/mod.ts";
import { unusable } from "../store_errors.ts";
import { Collisions, ENTRIES_MAX, isLock, NOTE_FILE, pathProblem } from "./archive_format.ts";

/** A file or a folder in a run folder. */
export type Listed = Readonly<{
  /** Relative to the run folder, with `/`. */
  path: string;
  isFolder: boolean;
  /** The size in bytes; 0 for folders. */
  size: number;
  changedMs: number;
}>;

/** Temporary files, which a killed process can leave in any folder. */
const TEMPORARY = /\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/;

/** The operations log, its older files, and the logs of parts. At level `trace`, they contain prompts. */
const OPERATIONS_LOG = /^log(?:\.\d+-of-\d+)?\.jsonl(?:\.\d+)?$/;

/** Whether a file of a run folder can contain prompts, besides the logs of the discussions. */
export function mayHoldPrompts(path: string): boolean {
  return OPERATIONS_LOG.test(path);
}

/** Whether a file in a run folder stays out of archives, or is written anew for each archive. */
function isSkipped(path: string): boolean {
  if (TEMPORARY.test(path)) return true;
  return isLock(path) || [RUN_FILES.scratch, NOTE_FILE, SUMS_FILE].some((name) => name === path);
}

/**
 * Lists all files and folders of a run, sorted by path.
 *
 * @param top The name of the run's folder in the archive.
 * @throws {RunError} When a link, a special file, or a name that other systems cannot store is in the folder.
 */
export function listFiles(folder: string, top: string): readonly Listed[] {
  const found: Listed[] = [];
  const collisions = new Collisions();
  const add = (within: string) => {
    for (const { name } of entriesOf(join(folder, within))) {
      const path = within === "" ? name : `${within}/${name}`;
      if (isSkipped(path)) continue;
      const problem = pathProblem(`${top}/${path}`);
      if (problem !== null) {
        throw cannotPack(
          folder,
          `no archive can hold the path "${top}/${path}": ${problem}. Rename it, or move it elsewhere`,
        );
      }
      const other = collisions.add(path);
      if (other !== null) {
        throw cannotPack(
          folder,
          `"${other}" and "${path}" are one file on systems that ignore case. Rename one, or pack the folder with tar`,
        );
      }
      const listed = listedAt(folder, path);
      found.push(listed);
      if (found.length > ENTRIES_MAX) {
        throw cannotPack(folder, `it has more than ${ENTRIES_MAX} files. Move files elsewhere`);
      }
      if (listed.isFolder) add(path);
    }
  };
  add("");
  return found.sort((a, b) => a.path < b.path ? -1 : 1);
}

function entriesOf(folder: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(folder)];
  } catch (cause) {
    throw unusable("read", folder, cause);
  }
}

function listedAt(folder: string, path: string): Listed {
  const full = join(folder, path);
  try {
    const info = lstatSync(full);
    if (info.isSymbolicLink()) {
      throw cannotPack(
        folder,
        `"${path}" is a link to "${
          readlinkSync(full)
        }", and a link would lead elsewhere on another machine. ` +
          `Replace the link with a copy of its target, or remove it`,
      );
    }
    if (!info.isFile() && !info.isDirectory()) {
      throw cannotPack(folder, `"${path}" is neither a file nor a folder. Remove it`);
    }
    const isFolder = info.isDirectory();
    return { path, isFolder, size: isFolder ? 0 : info.size, changedMs: isFolder ? 0 : info.mtimeMs };
  } catch (cause) {
    throw cause instanceof RunError ? cause : unusable("read", full, cause);
  }
}

function cannotPack(folder: string, why: string): RunError {
  return new RunError("unusable", `Cannot pack "${folder}": ${why}`);
}

/** Whether both lists have the same files, with equal sizes and times. */
export function isSameList(before: readonly Listed[], after: readonly Listed[]): boolean {
  return before.length === after.length && before.every((one, index) => {
    const other = after[index]!;
    return one.path === other.path && one.size === other.size && one.changedMs === other.changedMs &&
      one.isFolder === other.isFolder;
  });
}
