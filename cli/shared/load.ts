/**
 * Loads experiment, annotation, declaration and analysis files. Each function throws an `ExperimentError` with all
 * problems of the file, a `UsageError` if there is no such file, and a `StoreError` if the file cannot be read.
 */
import { dirname } from "node:path";
import { existsSync } from "node:fs";
import {
  type LoadedAnnotation,
  type LoadedExperiment,
  type LoadedModels,
  readAnnotation,
  readExperiment,
  readModels,
  readText,
  type TextSource,
} from "../../adapters/local/load_experiment.ts";
import {
  type CodeAccess,
  codeIn,
  codeOfRun,
  neededCode,
  ownTrust,
  trustedCodeIn,
} from "../../adapters/local/code_access.ts";
import { NO_CODE } from "../../adapters/local/load_extensions.ts";
import { fileSources, runSources } from "../../adapters/local/file_sources.ts";
import { filesNamedBy } from "../../adapters/local/run_file.ts";
import { isMissing } from "../../adapters/path_info.ts";
import {
  experimentFileAt,
  fileOfRun,
  folderOfRun,
  isAddress,
  isArchivePath,
  readRun,
} from "../../adapters/stores/mod.ts";
import { explainFailure, storeError } from "../../adapters/stores/store_errors.ts";
import type { Rules } from "../../core/discussion/mod.ts";
import {
  type Analysable,
  type AnalysisDesign,
  builtInExtensions,
  type DeclaredRules,
  parseAnalysis,
  parseDeclaration,
} from "../../core/experiment/mod.ts";
import { readVariable } from "../terminal/text_sink.ts";
import { UsageError } from "./program.ts";
import { TRUST } from "./run_rules.ts";

/** How a file is loaded. */
type Loading = Readonly<{
  /** Whether the user trusts code that lies in a run's folder, even if it is new on this machine. */
  trusted: boolean;
  /** Whether the command needs the user's own code, leaves out code that is not trusted, or runs no code. */
  code: "needed" | "if-trusted" | "never";
}>;

/** A file that was loaded. */
type InRun<T> =
  & T
  & Readonly<{
    /** The place of the run that the file belongs to; `null` if it belongs to none. */
    runFolder: string | null;
    /** The place of the run whose experiment file it is; `null` for other files. */
    resumes: string | null;
  }>;

/**
 * Loads and checks an experiment.
 *
 * @param path The experiment file, or the place of a run.
 * @param options `lookForModels` also checks that the files of its models exist.
 */
export async function load(
  path: string,
  { lookForModels = false, ...options }: Loading & Readonly<{ lookForModels?: boolean }>,
): Promise<InRun<LoadedExperiment>> {
  return await explaining("read the experiment", path, async () => {
    const { source, code, ...inRun } = await sourceAt(path, options);
    return { ...await readExperiment(source, { lookForModels, code }), ...inRun };
  });
}

/** Loads and checks an annotation file, or the section of an experiment file. `seed` is for a file without a seed. */
export async function loadAnnotationFile(
  path: string,
  { seed, pass, ...options }: Loading & Readonly<{ seed: string; pass?: string }>,
): Promise<InRun<LoadedAnnotation>> {
  return await explaining("read the annotation", path, async () => {
    const { source, code, ...inRun } = await sourceAt(path, options);
    return { ...await readAnnotation(source, { seed, pass, code }), ...inRun };
  });
}

/** Loads and checks the models of a file. */
export async function loadModels(path: string, options: Loading): Promise<InRun<LoadedModels>> {
  return await explaining("read the models", path, async () => {
    const { source, code, ...inRun } = await sourceAt(path, options);
    return { ...await readModels(source, { code }), ...inRun };
  });
}

/**
 * The path, or the experiment file of a run's folder.
 *
 * @throws {RunError} When the run has lost the file.
 * @throws {UsageError} When the run was imported, and so has no such file.
 */
async function experimentFile(path: string): Promise<string> {
  const file = experimentFileAt(path);
  if (file === path || existsSync(file)) return file;
  const { manifest } = await readRun(path);
  if (manifest.experiment.file !== null) return file;
  throw noExperiment(path);
}

function noExperiment(place: string): UsageError {
  return new UsageError(
    `Cannot read the experiment of the run "${place}": the run was imported, so it has no experiment.yaml. ` +
      `Commands that read only logs work, such as replay, or prompts with --discussion`,
  );
}

type Source = InRun<Readonly<{ source: TextSource; code: CodeAccess }>>;

function sourceAt(path: string, options: Loading): Promise<Source> {
  return isAddress(path) ? sourceInDatabase(path, options) : sourceInFile(path, options);
}

/** The experiment of a run in a database. All files that it names are among the run's copies. */
async function sourceInDatabase(place: string, { trusted, code: use }: Loading): Promise<Source> {
  const run = await readRun(place);
  if (run.experimentText === null) throw noExperiment(place);
  const { sources, code } = filesNamedBy({ isExperiment: true, name: "" }, run)!;
  return {
    source: {
      path: place,
      text: run.experimentText,
      folder: folderOfRun(place),
      sources: runSources(run, sources),
    },
    code: usedCode(codeOfRun(run, code, ownTrust(trusted, readVariable)), use),
    runFolder: place,
    resumes: place,
  };
}

function usedCode(code: CodeAccess, use: Loading["code"]): CodeAccess {
  return use === "never" ? NO_CODE : use === "needed" ? neededCode(code, TRUST) : code;
}

/** The text of a file, and where the files that it names are: beside it, or among the copies in a run's folder. */
async function sourceInFile(fileOrFolder: string, { trusted, code: use }: Loading): Promise<Source> {
  const path = await experimentFile(fileOrFolder);
  if (isArchivePath(path)) {
    throw new UsageError(
      `Cannot read "${path}" as an experiment file: it is an archive. Unpack it first, with "unpack"`,
    );
  }
  const source = { path, text: await readText(path), folder: dirname(path) };
  if (path.endsWith(".jsonl")) {
    throw new UsageError(
      `Cannot read "${path}" as an experiment file: it is a log. Name the experiment file, or the folder of the run`,
    );
  }
  const found = fileOfRun(path);
  if (found === null) {
    return { source, code: usedCode(codeIn(source.folder), use), runFolder: null, resumes: null };
  }
  const run = await found.run.read();
  const names = filesNamedBy(found, run);
  const trust = ownTrust(trusted, readVariable);
  const own = names !== null && names.code !== undefined
    ? { sources: runSources(run, names.sources), code: codeOfRun(run, names.code, trust) }
    : { sources: fileSources(source.folder), code: trustedCodeIn(source.folder, trust) };
  return {
    source: { ...source, sources: own.sources },
    code: usedCode(own.code, use),
    runFolder: run.place,
    resumes: found.isExperiment ? run.place : null,
  };
}

/** Loads and checks a declaration. */
export async function loadDeclaration(
  path: string,
  { strategies, schedules }: Pick<Rules, "strategies" | "schedules">,
): Promise<DeclaredRules> {
  const extensions = { ...builtInExtensions([]), strategies, schedules };
  return await explaining(
    "read the declaration",
    path,
    async () => parseDeclaration(await readText(path), { file: path, extensions }),
  );
}

/** Loads and checks an analysis file, or the section of an experiment file. */
export async function loadAnalysis(path: string, known: Analysable): Promise<AnalysisDesign> {
  return await explaining(
    "read the analysis",
    path,
    async () => parseAnalysis(await readText(path), { ...known, file: path }),
  );
}

async function explaining<T>(action: string, path: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (isMissing(error) || error instanceof Deno.errors.IsADirectory) {
      throw new UsageError(explainFailure(action, path, error), { cause: error });
    }
    if (error instanceof RangeError) throw new UsageError(error.message, { cause: error });
    // Errors of the operating system have a code; Deno's own permission errors explain themselves.
    if (error instanceof Error && "code" in error && !(error instanceof Deno.errors.NotCapable)) {
      throw storeError(action, path, error);
    }
    throw error;
  }
}
