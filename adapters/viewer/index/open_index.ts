/** Opens the index of a run: in a file, or in memory if there can be no file. */
import { join } from "node:path";
import type { RunReader } from "../../../core/ports/mod.ts";
import { IndexFile, openIndexFile, removeIndexFile } from "./index_file.ts";
import { cannotKeep, indexName } from "./index_place.ts";

/**
 * Opens the index of a run.
 *
 * @param folder The folder for indexes; `null` for an index in memory.
 */
export async function openIndex(
  reader: RunReader,
  folder: string | null,
): Promise<Readonly<{ file: IndexFile; note: string | null }>> {
  // No note: when the program started, it said why there is no folder.
  if (folder === null) return { file: new IndexFile(null), note: null };
  const path = join(folder, await indexName(reader));
  try {
    return { file: openIndexFile(path), note: null };
  } catch (error) {
    return { file: new IndexFile(null), note: cannotKeep(path, error) };
  }
}

/**
 * Makes a damaged index again.
 *
 * @returns `null` if that fails.
 */
export function remadeIndex(path: string): IndexFile | null {
  try {
    removeIndexFile(path);
    return openIndexFile(path);
  } catch {
    return null;
  }
}
