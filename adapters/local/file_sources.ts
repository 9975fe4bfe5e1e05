/** Reads the files that an experiment names from the disk. */
import { lstatSync } from "node:fs";
import { resolve } from "node:path";
import type { SourceReader } from "../../core/ports/mod.ts";
import { inputPath, type RunReader } from "../stores/mod.ts";
import { nativeSha256 } from "../system.ts";

export function fileSources(folder: string): SourceReader {
  return {
    async readText(path) {
      try {
        return decodeUtf8(await Deno.readFile(resolve(folder, path)));
      } catch (error) {
        throw new Error(reasonOf(error), { cause: error });
      }
    },
  };
}

/**
 * Reads the files that a run's experiment names, but only their copies in the run's folder. So a folder from another person
 * cannot make this program read other files of this machine.
 */
export function runSources({ path: folder, manifest: { sources } }: RunReader): SourceReader {
  return {
    async readText(path) {
      const hash = Object.hasOwn(sources, path) ? sources[path]! : "";
      const file = inputPath(folder, path, hash);
      // A link could lead anywhere.
      if (file === null || !lstatSync(file, { throwIfNoEntry: false })?.isFile()) {
        throw new Error("the run's folder has no copy of this file");
      }
      const text = decodeUtf8(await Deno.readFile(file));
      if (nativeSha256(text) !== hash) throw new Error("the copy in the run's folder was changed");
      return text;
    },
  };
}

/** Decodes a file strictly, because replacement characters would get into names and prompts. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new TypeError('it is not UTF-8 text; save it again as UTF-8 (in Excel: "CSV UTF-8")', { cause });
  }
}

/** Why a file cannot be read, in words for the user. */
export function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.PermissionDenied) return "you do not have permission to read it";
  if (error instanceof Deno.errors.NotCapable) return "Deno was started without permission to read it";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  return error instanceof Error ? error.message : String(error);
}
