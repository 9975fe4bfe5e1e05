/** Names, reads, writes and watches the files of a run folder, except for its discussions. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import {
  DESCRIPTION_FILES,
  inputName,
  INPUTS_FOLDER,
  RUN_TEXTS,
  type RunInputs,
  type RunPart,
  StoreError,
} from "../../core/ports/mod.ts";
import { manifestText, parseManifest, RunError, type RunManifest } from "../../core/run_log/mod.ts";
import { infoAt, kindAt } from "../path_info.ts";
import { nativeSha256 } from "../system.ts";
import { isArchivePath } from "./archive_path.ts";
import { makeFolder, syncFolder, writeAtomically } from "./durable_files.ts";
import { PUT_BACK } from "./open_streams.ts";
import { unusable } from "./store_errors.ts";
import type { RunLock } from "./run_lock.ts";

/** The names in a run folder. */
export const RUN_FILES = {
  ...DESCRIPTION_FILES,
  discussions: "discussions",
  annotations: "annotations",
  /** What people answered, and the keys of their texts. */
  people: "people",
  /** Copies of the files that the experiment names. */
  inputs: INPUTS_FOLDER,
  prices: RUN_TEXTS.prices,
  /** The vectors of comments. */
  vectors: "vectors",
  /** The keys of people whose words the logs have encrypted. */
  keys: "people/keys",
  /** The people who withdrew. */
  withdrawn: "people/withdrawn",
  log: "log.jsonl",
  /** The temporary files of an import. */
  scratch: "import.part",
} as const;

/** The name of the operations log of a run, or of one part of the run. */
export function logNameOf(part: RunPart | undefined): string {
  return part === undefined ? RUN_FILES.log : `log.${part.index}-of-${part.count}.jsonl`;
}

const LOG_NAME = /^log(\.\d+-of-\d+)?\.jsonl$/;

/** The files of all operations logs in a run folder. */
export function operationsLogFiles(folder: string): readonly string[] {
  return [...Deno.readDirSync(folder)].filter(({ name }) => LOG_NAME.test(name)).map(({ name }) =>
    join(folder, name)
  );
}

/** Whether a run makes files with this name: those above, their temporary files, and locks. */
export function isRunsOwn(name: string): boolean {
  return OWN_NAMES.test(name);
}

/** Whether a file of a run, named as in its folder, is the key of a person. */
export function isKeyName(name: string): boolean {
  return name.startsWith(`${RUN_FILES.keys}/`);
}

/** Refuses a folder with files that no run makes. A run that died early leaves no manifest. */
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
  throw new RunError(
    "not-a-run",
    `Cannot write the run to "${path}": it is not the folder of a run, and contains other files, ` +
      `such as "${foreign.name}". Choose an empty folder, or a new one`,
  );
}

const OWN_NAMES =
  /^(experiment\.yaml.*|manifest\.json.*|run\.jsonl|run\..*lock|log\..*jsonl.*|prices\.json.*|discussions|annotations|people|inputs|vectors|import\.part|archive\.json)$/;

export async function makeRunFolder(path: string): Promise<void> {
  try {
    for (const changed of makeFolder(resolve(path, RUN_FILES.discussions))) await syncFolder(changed);
  } catch (cause) {
    throw unusable("create the run folder", path, cause);
  }
}

/** The advice when a manifest is lost. */
export const RESTORE_MANIFEST =
  "Restore the manifest from a copy; or run the same experiment in another folder, " +
  "and copy the manifest from there";

/** The problem of a run that has its log, but no manifest, and the remedy. */
export const MANIFEST_MISSING =
  `"${RUN_FILES.manifest}" is missing. Give this folder to the command "run": ` +
  `it writes the file again from "${RUN_FILES.runLog}"`;

/** Writes the experiment file, then the manifest. So a folder with a manifest also has the experiment file. */
export async function writeDescription(
  path: string,
  manifest: RunManifest,
  experimentText?: string,
): Promise<void> {
  try {
    if (experimentText !== undefined) {
      await writeAtomically(join(path, RUN_FILES.experiment), experimentText);
    }
    await writeAtomically(join(path, RUN_FILES.manifest), manifestText(manifest));
  } catch (cause) {
    throw unusable("write to the run folder", path, cause);
  }
}

export function readManifest(path: string): RunManifest {
  const file = join(path, RUN_FILES.manifest);
  if (existsSync(file)) return parseManifest(readText(file), file);
  const isThere = (name: string) => existsSync(join(path, name));
  const problem = isThere(RUN_FILES.runLog)
    ? `its ${MANIFEST_MISSING}`
    : isThere(RUN_FILES.discussions)
    ? `its "${RUN_FILES.manifest}" is missing. ${RESTORE_MANIFEST}`
    : isArchivePath(path) && kindAt(path) === "file"
    ? 'it is an archive. Unpack it first, with "unpack"'
    : (existsSync(path) ? "there is no run in it" : "it does not exist") +
      ". Give the folder of a run, such as runs/NAME";
  const kind = isThere(RUN_FILES.runLog) ? "damaged-manifest" : "not-a-run";
  throw new RunError(kind, `Cannot open the run "${path}": ${problem}`);
}

export function readText(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (cause) {
    throw unusable("read", path, cause);
  }
}

/**
 * The path of a code file's copy in the run's folder. The copy's own folder is named by the hash of code and
 * imports.
 */
export function codeCopy(codeSha256: string, name: string): string {
  return `${RUN_FILES.inputs}/code/${codeSha256}/${name}`;
}

/** The path of a run's copy of an input file; `null` as {@linkcode inputName} says. */
export function inputPath(folder: string, path: string, sha256: string): string | null {
  const name = inputName(path, sha256);
  return name === null ? null : join(folder, name);
}

/**
 * Reads the run's copy of a file that the experiment names.
 *
 * @throws {Error} With the reason, if there is no copy, or it was changed.
 */
export async function readInput(folder: string, path: string, sha256: string): Promise<string> {
  const file = inputPath(folder, path, sha256);
  // A link could lead anywhere.
  if (file === null || !infoAt(file, Deno.lstatSync)?.isFile) {
    throw new Error("the run's folder holds no copy of it");
  }
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await Deno.readFile(file));
  if (nativeSha256(text) !== sha256) throw new Error("the copy in the run's folder was changed");
  return text;
}

export async function keepInputs(folder: string, inputs: RunInputs): Promise<void> {
  try {
    for (const [path, { content, sha256 }] of inputs) {
      const file = inputPath(folder, path, sha256)!;
      for (const changed of makeFolder(dirname(file))) await syncFolder(changed);
      if (!existsSync(file)) await writeAtomically(file, content);
    }
  } catch (cause) {
    throw unusable("write to the run folder", folder, cause);
  }
}

/**
 * Checks that the files of a run folder are still there while a process writes to the run. The store checks the logs of
 * discussions.
 */
export class RunEntries {
  readonly #folder: string;
  readonly #lock: RunLock;
  readonly #names: readonly string[];
  /** The entries at the last check: name → whether it is a folder. */
  readonly #seen = new Map<string, boolean>();

  constructor(folder: string, lock: RunLock, part: RunPart | undefined) {
    this.#folder = folder;
    this.#lock = lock;
    const { manifest, runLog, experiment, inputs, discussions, annotations, prices, vectors } = RUN_FILES;
    const log = logNameOf(part);
    this.#names = [discussions, manifest, runLog, experiment, inputs, annotations, prices, vectors, log];
    this.check();
  }

  check(): void {
    if (kindAt(this.#folder) !== "folder") throw this.#lost(this.#folder, "all that was written to the run");
    for (const name of this.#names) this.#checkEntry(name);
    const lock = this.#lock.lost();
    if (lock !== null) {
      throw this.#lost(lock, "another process can now write to the run, and events");
    }
  }

  #checkEntry(name: string): void {
    const path = join(this.#folder, name);
    const kind = kindAt(path);
    const before = this.#seen.get(name);
    if (kind !== null && (before === undefined || before === (kind === "folder"))) {
      this.#seen.set(name, kind === "folder");
    } else if (before !== undefined) {
      throw this.#lost(path, name === RUN_FILES.discussions ? "every discussion of the run" : "its content");
    }
  }

  #lost(path: string, endangered: string): StoreError {
    return new StoreError(
      `Cannot continue the run "${this.#folder}": "${path}" was deleted, moved or replaced while the run was in ` +
        `use; ${endangered} may be lost. ${PUT_BACK}`,
    );
  }
}
