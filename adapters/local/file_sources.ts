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
        return await Deno.readTextFile(resolve(folder, path));
      } catch (error) {
        throw new Error(reasonOf(error), { cause: error });
      }
    },
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.PermissionDenied) return "this user may not read it";
  if (error instanceof Deno.errors.NotCapable) return "Deno was started without permission to read it";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  return error instanceof Error ? error.message : String(error);
}
