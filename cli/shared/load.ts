/**
 * Loads experiment, annotation, declaration and analysis files. Each function throws an `ExperimentError` with all
 * problems of the file, a `UsageError` if there is no such file, and a `StoreError` if the file cannot be read.
 */
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

/** Loads and checks an experiment. `lookForModels` also checks that the files of its models exist. */
export async function load(
  path: string,
  { lookForModels = false, trusted }: Readonly<{ lookForModels?: boolean; trusted: boolean }>,
): Promise<LoadedExperiment> {
  const code = codeAskedFor(path, trusted);
  return await explaining("read the experiment", path, () => loadExperiment(path, { lookForModels, code }));
}

/** Loads and checks an annotation file, or the section of an experiment file. `seed` is for a file without a seed. */
export async function loadAnnotationFile(
  path: string,
  options: Readonly<{ seed: string; pass?: string; code: CodeAccess }>,
): Promise<LoadedAnnotation> {
  return await explaining("read the annotation", path, () => loadAnnotation(path, options));
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
