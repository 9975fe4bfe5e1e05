/** Reads the files that an experiment names. */
import { resolve } from "node:path";
import type { RunReader, SourceReader } from "../../core/ports/mod.ts";
import type { RunRecord } from "../../core/run_log/mod.ts";
import { isMissing } from "../path_info.ts";
import { requireDeno } from "../system.ts";
import { folderPasts } from "./past_source.ts";

export function fileSources(folder: string): SourceReader {
  return {
    readPast: folderPasts(folder),
    async readText(path) {
      requireDeno(`read "${path}"`);
      try {
        return decodeUtf8(await Deno.readFile(resolve(folder, path)));
      } catch (error) {
        throw new Error(reasonOf(error), { cause: error });
      }
    },
  };
}

/**
 * Reads the files that a run's experiment names, but only their copies in the run's folder. So a folder from
 * another person cannot make this program read other files of this machine.
 *
 * @param sources The recorded hashes, by the paths in the experiment file.
 */
export function runSources(run: Pick<RunReader, "input">, sources: RunRecord["sources"]): SourceReader {
  return { readText: (path) => run.input(path, Object.hasOwn(sources, path) ? sources[path]! : "") };
}

/**
 * Decodes a file, and refuses bytes that are not UTF-8: otherwise, replacement characters would get into names and
 * prompts.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  if (bytes.includes(0)) throw new TypeError("it is not a text file");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new TypeError('it is not UTF-8 text; save it again as UTF-8 (in Excel: "CSV UTF-8")', { cause });
  }
}

/** Why a file cannot be read, in words for the user. */
export function reasonOf(error: unknown): string {
  if (isMissing(error)) return "there is no such file";
  if (error instanceof Deno.errors.PermissionDenied) return "you do not have permission to read it";
  if (error instanceof Deno.errors.NotCapable) return "Deno was started without permission to read it";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  return error instanceof Error ? error.message : String(error);
}
