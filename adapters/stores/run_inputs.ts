/** The copies that a run's folder keeps of the files that its experiment names. */
import { existsSync } from "node:fs";
import { extname, join } from "node:path";
import { writeTextAtomically } from "./atomic_write.ts";
import { folderSync, makeFolder } from "./folder_sync.ts";
import { RUN_FILES } from "./run_files.ts";
import { unusable } from "./run_folder_error.ts";

/** Path, as the experiment file writes it → the file's text and its SHA-256. */
export type RunInputs = ReadonlyMap<string, Readonly<{ text: string; sha256: string }>>;

const SHA256 = /^[0-9a-f]{64}$/;
const EXTENSION = /^\.[a-zA-Z]{1,8}$/;

/**
 * Where a run's folder keeps its copy of a file. Its name is the hash of its content, so no path that an experiment
 * file writes can lead out of the folder.
 *
 * @param folder The run's folder.
 * @param path As the experiment file writes it.
 * @param sha256 What the manifest records; it can hold anything.
 * @returns `null` where that is no hash.
 */
export function inputPath(folder: string, path: string, sha256: string): string | null {
  if (!SHA256.test(sha256)) return null;
  const extension = extname(path);
  return join(folder, RUN_FILES.inputs, `${sha256}${EXTENSION.test(extension) ? extension : ""}`);
}

/**
 * Keeps copies in a run's folder that is open for writing.
 *
 * @param folder The run's folder.
 * @param inputs The files.
 * @throws {RunFolderError} When they cannot be written.
 */
export async function keepInputs(folder: string, inputs: RunInputs): Promise<void> {
  if (inputs.size === 0) return;
  try {
    const folders = folderSync();
    for (const changed of makeFolder(join(folder, RUN_FILES.inputs))) await folders.sync(changed);
    for (const [path, { text, sha256 }] of inputs) {
      const file = inputPath(folder, path, sha256)!;
      if (!existsSync(file)) await writeTextAtomically(file, text);
    }
  } catch (cause) {
    throw unusable("write to the run folder", folder, cause);
  }
}
