/** The files that an experiment names, read from the disk. */
import { resolve } from "node:path";
import type { SourceReader } from "../../core/ports/mod.ts";

/**
 * Reads files by paths that are relative to a folder.
 *
 * @param folder The experiment file's folder.
 */
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
 * Decodes a file that people wrote. Reading it loosely would put replacement characters into names and prompts.
 *
 * @throws {TypeError} When it is in another encoding, such as the one that Excel writes by default.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new TypeError('it is not UTF-8 text; save it again as UTF-8 (in Excel: "CSV UTF-8")', { cause });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.PermissionDenied) return "this user may not read it";
  if (error instanceof Deno.errors.NotCapable) return "Deno was started without permission to read it";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  return error instanceof Error ? error.message : String(error);
}
