/** From an experiment file on the disk to a plan. */
import { dirname, isAbsolute, join } from "node:path";
import {
  type Experiment,
  ExperimentError,
  parseExperiment,
  type Plan,
  planDiscussions,
} from "../../core/experiment/mod.ts";
import type { SourceReader } from "../../core/ports/mod.ts";
import type { ModelAdapter } from "../../core/ports/model_adapter.ts";
import type { Rules } from "../../core/discussion/mod.ts";
import { decodeUtf8, fileSources } from "./file_sources.ts";
import { loadExtensions, type OwnExtensions } from "./load_extensions.ts";
import { nativeSha256 } from "../system.ts";

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
  /** The researcher's own files that rules and adapters were loaded from: path → its text. */
  code: ReadonlyMap<string, string>;
}>;

/**
 * Reads an experiment file and everything that it names, and checks all of it. Code that the file names is run.
 *
 * @param path The experiment file.
 * @param own Rules and adapters that the experiment can name besides those that are built in.
 * @throws {ExperimentError} With everything that is wrong.
 * @throws {Deno.errors.NotFound} When there is no such file.
 */
export async function loadExperiment(path: string, own: OwnExtensions = {}): Promise<LoadedExperiment> {
  return await readExperiment({ path, text: await readText(path), folder: dirname(path) }, own);
}

/**
 * Checks an experiment whose text is at hand.
 *
 * @param source The text, the name that stands in messages, and the folder that its paths are relative to; files that
 *   it names are read from there, unless they are read by `sources`.
 * @param own Rules and adapters that the experiment can name besides those that are built in.
 * @throws {ExperimentError} With everything that is wrong.
 */
export async function readExperiment(
  { path, text, folder, sources = fileSources(folder) }: {
    path: string;
    text: string;
    folder: string;
    sources?: SourceReader;
  },
  own: OwnExtensions = {},
): Promise<LoadedExperiment> {
  const { known, adapters, code } = await loadExtensions(text, folder, own);
  const experiment = await parseExperiment(text, {
    file: path,
    sources,
    extensions: known,
  }).catch((error) => {
    throw error instanceof ExperimentError ? withPathsFromHere(error, path, folder) : error;
  });
  const rules = { strategies: known.strategies, schedules: known.schedules, sha256: nativeSha256 };
  const plan = planDiscussions(experiment, nativeSha256);
  return { path, folder, text, experiment, plan, rules, adapters, code };
}

/** Files that the experiment names stand in problems as it names them; people and editors look from where they are. */
export function withPathsFromHere(
  { problems }: ExperimentError,
  path: string,
  folder: string,
): ExperimentError {
  return new ExperimentError(
    problems.map((problem) =>
      problem.file === path || isAbsolute(problem.file)
        ? problem
        : { ...problem, file: join(folder, problem.file) }
    ),
  );
}

/**
 * The text of a file.
 *
 * @throws {ExperimentError} When it is not UTF-8.
 */
export async function readText(path: string): Promise<string> {
  const bytes = await Deno.readFile(path);
  try {
    return decodeUtf8(bytes);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ExperimentError([{ file: path, line: 1, column: 1, path: "", message }]);
  }
}
