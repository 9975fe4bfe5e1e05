/** Files that commands write besides a run's. */
import { dirname } from "node:path";
import { storeError } from "../adapters/stores/storage_error.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Writes a file as a whole.
 *
 * @param path The file; its folder is created.
 * @param text Its content.
 * @param options `createNew` refuses to replace a file that exists.
 * @throws {UsageError} When the file exists and is not to be replaced.
 * @throws {StoreError} When it cannot be written.
 */
export async function writeTextFile(
  path: string,
  text: string,
  { createNew = false }: { createNew?: boolean } = {},
): Promise<void> {
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeTextFile(path, text, { createNew });
  } catch (cause) {
    if (cause instanceof Deno.errors.AlreadyExists) {
      throw new UsageError(`Cannot write "${path}": there is such a file already. Choose another name`);
    }
    throw storeError("write", path, cause);
  }
}

/** Whether there is a folder at a path. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    return false;
  }
}
