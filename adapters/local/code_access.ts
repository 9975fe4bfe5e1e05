/** Which code an experiment file may have run: the files that it names as strategies, schedules and adapters. */
import { existsSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { inputPath, RUN_FILES, type RunReader } from "../stores/mod.ts";
import { readManifest } from "../stores/run_files.ts";
import { decodeUtf8, reasonOf } from "./file_sources.ts";
import { nativeSha256 } from "../system.ts";

/** A file of code that may be run, why it may not, or that it is left alone: what it says is then not known. */
export type CodeFile =
  | Readonly<{ file: string; text: string }>
  | Readonly<{ refused: string }>
  | "left";

/** Says of each path, as the experiment file writes it, whether that file may be run. */
export type CodeAccess = (path: string) => CodeFile;

/** Runs no code. */
export const NO_CODE: CodeAccess = () => "left";

/**
 * Runs what the experiment names: for a file that the user asked to run.
 *
 * @param folder The experiment file's folder.
 */
export function codeIn(folder: string): CodeAccess {
  return (path) => {
    const file = isAbsolute(path) ? path : resolve(folder, path);
    try {
      return { file, text: decodeUtf8(Deno.readFileSync(file)) };
    } catch (error) {
      return { refused: reasonOf(error) };
    }
  };
}

/**
 * Runs code that a run was made with, once the user has said that it can be trusted: only files that are, byte for
 * byte, what the run's manifest recorded. They are looked for where the run was started, then in the run's folder.
 *
 * @param run The run.
 */
export function codeOfRun({ path, manifest }: RunReader): CodeAccess {
  const folder = resolve(path);
  const { experiment: { file: experimentFile }, sources } = manifest;
  const folders = experimentFile === null ? [] : [dirname(resolve(experimentFile)), folder];
  return (path) => {
    const hash = Object.hasOwn(sources, path) ? sources[path]! : null;
    if (hash === null) return { refused: "the run's manifest does not say what this file held" };
    const copy = inputPath(folder, path, hash);
    const files = folders.map((from) => isAbsolute(path) ? path : resolve(from, path));
    for (const file of [...files, ...(copy === null ? [] : [copy])]) {
      const access = codeIn(folder)(file);
      if (access !== "left" && "text" in access && nativeSha256(access.text) === hash) return access;
    }
    return {
      refused: `there is no such file with the SHA-256 that the run's manifest records, ${hash}; ` +
        `it was looked for in ${folders.map((from) => JSON.stringify(from)).join(" and ")}`,
    };
  };
}

/**
 * The code of a file that the user asked to run, unless the file came with a run's folder: a folder can come from
 * somebody else, and its code with it.
 *
 * @param path The experiment or annotation file.
 * @param trusted Whether the user has said that the code can be trusted.
 */
export function codeAskedFor(path: string, trusted: boolean): CodeAccess {
  const access = codeIn(dirname(path));
  const run = trusted ? null : runAround(path);
  if (run === null) return access;
  return () => ({
    refused:
      `"${path}" is in the run's folder "${run}", and code that comes with such a folder is not run. ` +
      "Look at the code, then give --trust-code",
  });
}

/** The run's folder that a file is in, if any. */
function runAround(path: string): string | null {
  if (!existsSync(path)) return null;
  for (let folder = dirname(realpathSync(path));; folder = dirname(folder)) {
    if (existsSync(join(folder, RUN_FILES.manifest)) && isRun(folder)) return folder;
    if (dirname(folder) === folder) return null;
  }
}

/** Files are called manifest.json elsewhere, too. */
function isRun(folder: string): boolean {
  try {
    readManifest(folder);
    return true;
  } catch {
    return existsSync(join(folder, RUN_FILES.discussions));
  }
}
