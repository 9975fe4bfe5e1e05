/** Loads experiment, annotation, declaration and analysis files, with errors in the user's words. */
import {
  loadAnnotation,
  type LoadedAnnotation,
  type LoadedExperiment,
  loadExperiment,
} from "../../adapters/local/mod.ts";
import { type CodeAccess, codeAskedFor } from "../../adapters/local/load_extensions.ts";
import { readText } from "../../adapters/local/load_experiment.ts";
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
import { UsageError } from "./program.ts";

/**
 * Loads and checks an experiment.
 *
 * @param path The experiment file.
 * @param options Whether the files of its models must exist, and whether code in a run's folder can be trusted.
 * @throws {ExperimentError} With everything that is wrong in it.
 * @throws {UsageError} When there is no such file.
 * @throws {StoreError} When it cannot be read.
 */
export async function load(
  path: string,
  { lookForModels = false, trusted }: Readonly<{ lookForModels?: boolean; trusted: boolean }>,
): Promise<LoadedExperiment> {
  const options = { lookForModels, code: codeAskedFor(path, trusted) };
  return await explaining("read the experiment", path, () => loadExperiment(path, options));
}

/**
 * Loads and checks an annotation.
 *
 * @param path The annotation file, or an experiment file with a section `annotation`.
 * @param options The seed if the file has none, the pass's name if it is not the file's, and which code may be run.
 * @throws {ExperimentError} With everything that is wrong in it.
 * @throws {UsageError} When there is no such file, or the name is not allowed.
 * @throws {StoreError} When it cannot be read.
 */
export async function loadAnnotationFile(
  path: string,
  { seed, pass, code }: Readonly<{ seed: string; pass: string | undefined; code: CodeAccess }>,
): Promise<LoadedAnnotation> {
  const options = { seed, code, ...(pass === undefined ? {} : { pass }) };
  return await explaining("read the annotation", path, () => loadAnnotation(path, options));
}

/**
 * Loads and checks a declaration.
 *
 * @param path The file.
 * @param rules The strategies and schedules that it can name.
 * @throws {ExperimentError} With everything that is wrong in it.
 * @throws {UsageError} When there is no such file.
 * @throws {StoreError} When it cannot be read.
 */
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

/**
 * Loads and checks an analysis.
 *
 * @param path The analysis file, or an experiment file with a section `analysis`.
 * @param known The factors and scales that it can name.
 * @throws {ExperimentError} With everything that is wrong in it.
 * @throws {UsageError} When there is no such file.
 * @throws {StoreError} When it cannot be read.
 */
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
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.IsADirectory) {
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
