/** Decides which code files may be run. */
import { dirname, isAbsolute, resolve } from "node:path";
import { closureOf, type CodeClosure, readTrustedCode, trustedCodePath } from "../code/mod.ts";
import { copyOfCode, copyOfInput } from "../stores/mod.ts";
import type { ExtensionPath } from "../../core/experiment/mod.ts";
import type { RunReader } from "../../core/ports/mod.ts";
import { reasonOf } from "./file_sources.ts";

/** A code file that may be run, or the reason for not running it. */
export type CodeFile =
  | Readonly<{ closure: CodeClosure }>
  /** The file cannot be used. */
  | Readonly<{ refused: string }>
  /** The file is not run, so its rules are unknown. */
  | Readonly<{ left: string }>;

/** Decides whether a file may be run, by its path in the experiment file and its kind. */
export type CodeAccess = (path: string, kind: ExtensionPath["kind"]) => Promise<CodeFile>;

/** Which code from runs' folders a user trusts: all of it, or the code on the user's list. */
export type Trust = Readonly<{ all: boolean; known: ReadonlySet<string> }>;

/**
 * The trust of the user of this process.
 *
 * @param all Whether the user trusts all code of this command.
 */
export function ownTrust(all: boolean, readVariable: (name: string) => string | undefined): Trust {
  return { all, known: all ? new Set() : readTrustedCode(trustedCodePath(readVariable)) };
}

/** Allows all code that a user's own file names. Paths are relative to the file's folder. */
export function codeIn(folder: string): CodeAccess {
  return (path) => closureAt(isAbsolute(path) ? path : resolve(folder, path));
}

/** Allows the code that a file in a run's folder names, if the user trusts it. */
export function trustedCodeIn(folder: string, trust: Trust): CodeAccess {
  const access = codeIn(folder);
  return async (path, kind) => ifTrusted(await access(path, kind), trust);
}

/**
 * Allows the code of a run, if the user trusts it: the copies in the run's folder, as long as they are unchanged.
 *
 * @param code The code that the run has recorded, by its path in the experiment file.
 */
export function codeOfRun(run: RunReader, code: RunReader["manifest"]["code"], trust: Trust): CodeAccess {
  if (code === undefined) return codeOfOldRun(run, trust);
  return async (path) => {
    const recorded = Object.hasOwn(code, path) ? code[path]! : null;
    if (recorded === null) return { refused: "the run has not recorded this file" };
    const copy = await copyOfCode(run, recorded);
    if (copy === null) return { refused: "the run's record of this file is damaged" };
    if (!trust.all && !trust.known.has(recorded.sha256)) return { left: NEW };
    const found = await closureAt(copy.file, copy.folder);
    if (!("closure" in found)) return found;
    if (found.closure.sha256 !== recorded.sha256) {
      return { refused: "its copy in the run's folder was changed" };
    }
    return ifTrusted(found, trust);
  };
}

const NEW = "it came with the run's folder, and you have not run it before";

/**
 * Allows the code of a run that an older version made. Its folder lacks copies of the files that the code imports. So a
 * code file is also looked for in the folder where the experiment file was when the run began.
 */
function codeOfOldRun(run: RunReader, trust: Trust): CodeAccess {
  const { place: folder, manifest: { experiment: { file: experimentFile }, sources } } = run;
  const folders = experimentFile === null ? [] : [dirname(resolve(experimentFile)), resolve(folder)];
  return async (path) => {
    const hash = Object.hasOwn(sources, path) ? sources[path]! : null;
    if (hash === null) return { refused: "the run's manifest has no SHA-256 for this file" };
    if (!trust.all) return { left: NEW };
    const copy = await copyOfInput(run, path, hash);
    const files = folders.map((from) => isAbsolute(path) ? path : resolve(from, path));
    for (const file of [...files, ...(copy === null ? [] : [copy])]) {
      const found = await closureAt(file);
      if ("closure" in found && found.closure.files.get(found.closure.main)!.sha256 === hash) return found;
    }
    return {
      refused: `there is no such file with the SHA-256 that the run's manifest records, ${hash}; ` +
        `searched in ${folders.map((from) => JSON.stringify(from)).join(" and ")}`,
    };
  };
}

/**
 * Refuses code that is not run, for callers that need all code.
 *
 * @param option The option that trusts the code.
 */
export function neededCode(code: CodeAccess, option: string): CodeAccess {
  return async (path, kind) => {
    const found = await code(path, kind);
    return "left" in found ? { refused: `${found.left}. Read the code, then give ${option}` } : found;
  };
}

async function closureAt(file: string, within?: string): Promise<CodeFile> {
  try {
    return { closure: await closureOf(file, within) };
  } catch (error) {
    return { refused: reasonOf(error) };
  }
}

function ifTrusted(found: CodeFile, { all, known }: Trust): CodeFile {
  if (!("closure" in found) || all) return found;
  const { sha256, open } = found.closure;
  if (!known.has(sha256)) return { left: NEW };
  // A user's list of trusted code can come from an older version, which also trusted code that can import any file.
  return open.length === 0 ? found : { left: `it can import any file: ${open.join(", ")}` };
}
