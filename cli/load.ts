/** Loading of experiment files, with errors in the user's words. */
import { type LoadedExperiment, loadExperiment } from "../adapters/local/mod.ts";
import { explainFailure, storeError } from "../adapters/stores/storage_error.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Loads and checks an experiment.
 *
 * @param path The experiment file.
 * @throws {ExperimentError} With everything that is wrong in it.
 * @throws {UsageError} When there is no such file.
 * @throws {StoreError} When it cannot be read.
 */
export async function load(path: string): Promise<LoadedExperiment> {
  try {
    return await loadExperiment(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.IsADirectory) {
      throw new UsageError(explainFailure("read the experiment", path, error), { cause: error });
    }
    // What the operating system refuses has a code; what Deno was not allowed says so by itself.
    if (error instanceof Error && "code" in error && !(error instanceof Deno.errors.NotCapable)) {
      throw storeError("read the experiment", path, error);
    }
    throw error;
  }
}
