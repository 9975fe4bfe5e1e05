/** The files of a run folder, besides its discussions: what they are called, how they are read and written. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { writeTextAtomically } from "./atomic_write.ts";
import { folderSync, makeFolder } from "./folder_sync.ts";
import { RunFolderError, unusable } from "./run_folder_error.ts";
import type { RunPart } from "./run_lock.ts";
import { parseManifest, type RunManifest } from "./run_manifest.ts";

/** The names in a run folder. */
export const RUN_FILES = {
  experiment: "experiment.yaml",
  manifest: "manifest.json",
  /** The log of the run as a whole. */
  runLog: "run.jsonl",
  discussions: "discussions",
  annotations: "annotations",
  /** Copies of the files that the experiment names. */
  inputs: "inputs",
  prices: "prices.json",
  log: "log.jsonl",
  /** What an import needs while it goes on. */
  scratch: "import.part",
} as const;

/** The operations log of a run, or of the part of it that a process writes. */
export function logFileOf(part: RunPart | undefined): string {
  return part === undefined ? RUN_FILES.log : `log.${part.index}-of-${part.count}.jsonl`;
}

/** Whether something in a run folder is the run's own. @param name Its name there. */
export function isRunsOwn(name: string): boolean {
  return OWN_NAMES.test(name);
}

/** A folder without a manifest and a run's log is new only when nothing is in it but what a run that died early leaves. */
export function refuseForeignFolder(path: string): void {
  const isRun = [RUN_FILES.manifest, RUN_FILES.runLog].some((name) => existsSync(join(path, name)));
  if (!existsSync(path) || isRun) return;
  let entries: Deno.DirEntry[];
  try {
    entries = [...Deno.readDirSync(path)];
  } catch (cause) {
    throw unusable("open", path, cause);
  }
  const foreign = entries.find(({ name }) => !isRunsOwn(name));
  if (foreign === undefined) return;
  throw new RunFolderError(
    "not-a-run",
    `Cannot write the run to "${path}": there is no run in it, but other things such as "${foreign.name}". ` +
      `Choose an empty folder, or one that does not exist yet`,
  );
}

const OWN_NAMES =
  /^(experiment\.yaml.*|manifest\.json.*|run\.jsonl|run\..*lock|log\..*jsonl.*|prices\.json.*|discussions|annotations|inputs|import\.part)$/;

/** Makes a run folder and those above it that are missing. */
export async function makeRunFolder(path: string): Promise<void> {
  try {
    const folders = folderSync();
    for (const changed of makeFolder(resolve(path, RUN_FILES.discussions))) await folders.sync(changed);
  } catch (cause) {
    throw unusable("create the run folder", path, cause);
  }
}

/** A manifest follows from the experiment, so one that is lost can be had again; the logs are whole without it. */
export const RESTORE_MANIFEST = "Restore that from a copy; or run the same experiment into another folder, " +
  "and copy the manifest from there";

/** Writes what a run folder says about its run; the manifest comes last: a folder that has one is complete. */
export async function writeDescription(
  path: string,
  manifest: RunManifest,
  experimentText?: string,
): Promise<void> {
  try {
    if (experimentText !== undefined) {
      await writeTextAtomically(join(path, RUN_FILES.experiment), experimentText);
    }
    await writeTextAtomically(join(path, RUN_FILES.manifest), `${JSON.stringify(manifest, null, 2)}\n`);
  } catch (cause) {
    throw unusable("write to the run folder", path, cause);
  }
}

/** Reads a run folder's manifest. */
export function readManifest(path: string): RunManifest {
  const file = join(path, RUN_FILES.manifest);
  if (!existsSync(file)) {
    throw new RunFolderError(
      "not-a-run",
      existsSync(join(path, RUN_FILES.discussions))
        ? `Cannot open the run "${path}": its "${RUN_FILES.manifest}" is missing. ${
          existsSync(join(path, RUN_FILES.runLog))
            ? `Run the same experiment into this folder again: it is written anew from "${RUN_FILES.runLog}"`
            : RESTORE_MANIFEST
        }`
        : `Cannot open the run "${path}": ${
          existsSync(path) ? "there is no run in it" : "it does not exist"
        }. ` +
          `Give the folder of a run, such as runs/NAME`,
    );
  }
  return parseManifest(readText(file), file);
}

/** Reads a file of a run folder. @throws {RunFolderError} When it cannot be read. */
export function readText(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (cause) {
    throw unusable("read", path, cause);
  }
}
