/** Lists the files of a run folder that go into an archive. */
import { createHash } from "node:crypto";
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

/** Whether a path in a run folder is the key of a person, or the folder of all keys. */
export function isKey(path: string): boolean {
  return path === RUN_FILES.keys || path.startsWith(`${RUN_FILES.keys}/`);
}

/** Whether a file in a run folder stays out of archives, or is written anew for each archive. */
function isSkipped(path: string): boolean {
  if (TEMPORARY.test(path)) return true;
  return isLock(path) || [RUN_FILES.scratch, NOTE_FILE, SUMS_FILE].some((name) => name === path);
}

/**
 * Lists all files and folders of a run. Each folder comes before what is in it, and names in a folder are sorted. A
 * run can have very many files, so only the names of one folder at a time are in memory.
 *
 * @param top The name of the run's folder in the archive.
 * @throws {RunError} When a link, a special file, or a name that other systems cannot store is in the folder.
 */
export function* listFiles(folder: string, top: string): Generator<Listed> {
  let count = 0;
  const listed = function* (within: string): Generator<Listed> {
    const collisions = new Collisions();
    for (const name of namesIn(join(folder, within))) {
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
      if (++count > ENTRIES_MAX) {
        throw cannotPack(folder, `it has more than ${ENTRIES_MAX} files. Move files elsewhere`);
      }
      const found = listedAt(folder, path);
      yield found;
      if (found.isFolder) yield* listed(path);
    }
  };
  yield* listed("");
}

function namesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
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

/** A hash of a list, with all sizes and times. */
export function hashOfList(files: Iterable<Listed>): string {
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${JSON.stringify(file)}\n`);
  return hash.digest("hex");
}
