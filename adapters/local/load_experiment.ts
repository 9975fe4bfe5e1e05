/** From an experiment file on the disk to a plan. */
import { dirname } from "node:path";
import { type Experiment, parseExperiment, type Plan, planDiscussions } from "../../core/experiment/mod.ts";
import type { ModelAdapter } from "../../core/ports/model_adapter.ts";
import type { Rules } from "../../core/discussion/mod.ts";
import { fileSources } from "./file_sources.ts";
import { loadExtensions, type OwnExtensions } from "./load_extensions.ts";
import { nativeSha256 } from "./native_sha256.ts";

/** An experiment that can be run. */
export type LoadedExperiment = Readonly<{
  /** The experiment file, as it was named. */
  path: string;
  /** What its paths are relative to. */
  folder: string;
  /** Its content, verbatim. */
  text: string;
  experiment: Experiment;
  plan: Plan;
  rules: Rules;
  adapters: ReadonlyMap<string, ModelAdapter>;
}>;

/**
 * Reads an experiment file and everything that it names, and checks all of it.
 *
 * @param path The experiment file.
 * @param own Rules and adapters that the experiment can name besides those that are built in.
 * @throws {ExperimentError} With everything that is wrong.
 * @throws {Deno.errors.NotFound} When there is no such file.
 */
export async function loadExperiment(path: string, own: OwnExtensions = {}): Promise<LoadedExperiment> {
  return await readExperiment({ path, text: await Deno.readTextFile(path), folder: dirname(path) }, own);
}

/**
 * Checks an experiment whose text is at hand.
 *
 * @param source The text, the name that stands in messages, and the folder that its paths are relative to.
 * @param own Rules and adapters that the experiment can name besides those that are built in.
 * @throws {ExperimentError} With everything that is wrong.
 */
export async function readExperiment(
  { path, text, folder }: { path: string; text: string; folder: string },
  own: OwnExtensions = {},
): Promise<LoadedExperiment> {
  const { known, adapters } = await loadExtensions(text, folder, own);
  const experiment = await parseExperiment(text, {
    file: path,
    sources: fileSources(folder),
    extensions: known,
  });
  const rules = { strategies: known.strategies, schedules: known.schedules, sha256: nativeSha256 };
  return { path, folder, text, experiment, plan: planDiscussions(experiment, nativeSha256), rules, adapters };
}
