/** Makes a run folder from a copy of a run. */
import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { isCopiedFile, type Recorded, type RunCopy, type RunFile } from "../../core/ports/mod.ts";
import { RunError } from "../../core/run_log/mod.ts";
import { makeFolder, syncFolder, writeAtomically } from "./durable_files.ts";
import { WholeStreams } from "./import_folder.ts";
import { KEY_MODE } from "./person_keys.ts";
import { readRecorded } from "./run_description.ts";
import { isKeyName, makeRunFolder, readManifest, RUN_FILES } from "./run_files.ts";
import { errorCode, unusable } from "./store_errors.ts";

/**
 * Makes a run folder from a copy. The folder appears when all of it is durable.
 *
 * @param path A new path, or an empty folder.
 * @throws {RunError} When there is something at the path, the copy is not whole, or the folder cannot be written.
 */
export async function receiveFolder(path: string, { files, discussions }: RunCopy): Promise<void> {
  refuseThere(path);
  // A link to an empty folder is followed, not replaced.
  const target = existsSync(path) ? realpathSync(path) : resolve(path);
  const unfinished = join(dirname(target), `.${basename(target)}.${crypto.randomUUID()}.tmp`);
  try {
    await makeRunFolder(unfinished);
    for await (const file of files) await writeFile(unfinished, file);
    const streams = new WholeStreams(
      join(unfinished, RUN_FILES.discussions),
      readManifest(unfinished).shards,
    );
    for await (const { stream, lines } of discussions) await streams.write(stream, lines);
    await streams.flush();
    refuseIncomplete(path, readRecorded(unfinished));
    refuseThere(path);
    if (existsSync(target)) Deno.removeSync(target);
    Deno.renameSync(unfinished, target);
    await syncFolder(dirname(target));
  } catch (cause) {
    removeFolder(unfinished);
    throw errorCode(cause) === undefined ? cause : unusable("copy a run to", path, cause);
  }
}

async function writeFile(folder: string, { name, content }: RunFile): Promise<void> {
  if (!isCopiedFile(name)) {
    throw new RunError(
      "unusable",
      `Cannot copy the file "${name}" of a run: a run has no file with this name`,
    );
  }
  const path = join(folder, name);
  for (const changed of makeFolder(dirname(path))) await syncFolder(changed);
  await writeAtomically(path, content, isKeyName(name) ? { mode: KEY_MODE } : {});
}

function refuseThere(path: string): void {
  if (!existsSync(path)) return;
  if (Deno.statSync(path).isDirectory && Deno.readDirSync(path)[Symbol.iterator]().next().done) return;
  throw new RunError(
    "unusable",
    `Cannot copy a run to "${path}": it exists and is not an empty folder. Choose another folder`,
  );
}

function refuseIncomplete(path: string, { problems }: Recorded): void {
  if (problems.length === 0) return;
  throw new RunError("damaged-manifest", `Cannot copy a run to "${path}": ${problems.join("; ")}`);
}

function removeFolder(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch {
    // It does not exist, or the disk is broken. The caller reports the failed copy.
  }
}
