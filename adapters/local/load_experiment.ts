/** Loads experiment and annotation files from the disk, with everything that they name. */
import { dirname, isAbsolute, join } from "node:path";
import type { Rules } from "../../core/discussion/mod.ts";
import {
  type AnnotationSetup,
  type Experiment,
  ExperimentError,
  extensionPathsOf,
  type ModelSetup,
  parseAnnotation,
  parseExperiment,
  parseModels,
  type ParseOptions,
  type Plan,
  planDiscussions,
  readDocument,
  type SourceDocument,
} from "../../core/experiment/mod.ts";
import type { SourceReader } from "../../core/ports/mod.ts";
import type { ModelAdapter } from "../../core/ports/model.ts";
import { nativeSha256, requireDeno } from "../system.ts";
import type { CodeClosure } from "../code/mod.ts";
import { decodeUtf8, fileSources } from "./file_sources.ts";
import { type LoadedExtensions, loadExtensions, type OwnExtensions } from "./load_extensions.ts";

/** A file that was loaded. */
export type LoadedFile = Readonly<{
  /** Its path, as the user gave it. */
  path: string;
  /** The folder that paths in the file are relative to. */
  folder: string;
  text: string;
  adapters: ReadonlyMap<string, ModelAdapter>;
  /** The other files that were read: path, as the file names it → text. */
  files: ReadonlyMap<string, string>;
  /** The researcher's own code that was loaded: path, as the file names it → code. */
  code: ReadonlyMap<string, CodeClosure>;
  /** The code that was not run: path → reason. */
  left: ReadonlyMap<string, string>;
}>;

/** An experiment that can be run. */
export type LoadedExperiment =
  & LoadedFile
  & Readonly<{
    experiment: Experiment;
    plan: Plan;
    rules: Rules;
  }>;

/** An annotation pass that can be run. */
export type LoadedAnnotation = LoadedFile & Readonly<{ setup: AnnotationSetup }>;

/** The models of a file. */
export type LoadedModels = LoadedFile & Readonly<{ models: Readonly<Record<string, ModelSetup>> }>;

/** How an annotation is loaded. */
export type AnnotationLoading =
  & OwnExtensions
  & Readonly<{
    /** The seed, if the file has none. */
    seed: string;
    /** The pass's name, instead of the file's. */
    pass?: string;
  }>;

/**
 * Reads and checks an experiment file and all files that it names. Runs the code that the file names.
 *
 * @throws {ExperimentError} With all problems.
 * @throws {Deno.errors.NotFound} When there is no such file.
 */
export async function loadExperiment(path: string, own: OwnExtensions = {}): Promise<LoadedExperiment> {
  return await readExperiment({ path, text: await readText(path), folder: dirname(path) }, own);
}

/** The path of a file (for messages), its text, and the folder that paths in it are relative to. */
export type TextSource = Readonly<{ path: string; text: string; folder: string; sources?: SourceReader }>;

/**
 * Reads and checks an experiment from its text.
 *
 * @throws {ExperimentError} With all problems.
 */
export async function readExperiment(source: TextSource, own: OwnExtensions = {}): Promise<LoadedExperiment> {
  const { value: experiment, known, file } = await parsed(source, own, parseExperiment);
  const rules = { strategies: known.strategies, schedules: known.schedules, sha256: nativeSha256 };
  const plan = planDiscussions(experiment, nativeSha256);
  // The past of branches is no file of the experiment, but the run keeps a copy of it.
  const files = new Map([
    ...file.files,
    ...[...experiment.sources].map(([name, { text }]) => [name, text] as const),
  ]);
  return { ...file, files, experiment, plan, rules };
}

/**
 * Reads an annotation file, or the section `annotation` of an experiment file, and all files that it names.
 *
 * @throws {ExperimentError} With all problems.
 * @throws {Deno.errors.NotFound} When there is no such file.
 */
export async function loadAnnotation(
  path: string,
  options: AnnotationLoading,
): Promise<LoadedAnnotation> {
  return await readAnnotation({ path, text: await readText(path), folder: dirname(path) }, options);
}

/**
 * Reads and checks an annotation from its text.
 *
 * @throws {ExperimentError} With all problems.
 */
export async function readAnnotation(
  source: TextSource,
  { seed, pass, ...own }: AnnotationLoading,
): Promise<LoadedAnnotation> {
  const name = pass === undefined ? {} : { pass };
  const { value: setup, file } = await parsed(
    source,
    own,
    (document, options) => parseAnnotation(document, { ...options, seed, ...name }),
  );
  return { ...file, setup };
}

/**
 * Reads and checks the models of a file from its text.
 *
 * @throws {ExperimentError} With all problems.
 */
export async function readModels(source: TextSource, own: OwnExtensions): Promise<LoadedModels> {
  const { value: models, file } = await parsed(
    source,
    own,
    (document, options) => Promise.resolve(parseModels(document, options)),
  );
  return { ...file, models };
}

async function parsed<T>(
  { path, text, folder, sources = fileSources(folder) }: TextSource,
  own: OwnExtensions,
  parse: (document: SourceDocument, options: ParseOptions) => Promise<T>,
): Promise<{ value: T; known: LoadedExtensions["known"]; file: LoadedFile }> {
  const document = readDocument(text, path);
  const { known, ...extensions } = await loadExtensions(extensionPathsOf(document), folder, own);
  const files = new Map<string, string>();
  const noting: SourceReader = {
    ...sources,
    async readText(name) {
      const content = await sources.readText(name);
      files.set(name, content);
      return content;
    },
  };
  try {
    const value = await parse(document, { sources: noting, extensions: known });
    return { value, known, file: { path, folder, text, files, ...extensions } };
  } catch (error) {
    if (!(error instanceof ExperimentError)) throw error;
    // The file names other files relative to itself, but people and editors need paths from the working folder.
    throw new ExperimentError(
      error.problems.map((problem) =>
        problem.file === path || isAbsolute(problem.file)
          ? problem
          : { ...problem, file: join(folder, problem.file) }
      ),
    );
  }
}

export async function readText(path: string): Promise<string> {
  requireDeno(`read "${path}"`);
  const bytes = await Deno.readFile(path);
  try {
    return decodeUtf8(bytes);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ExperimentError([{ file: path, line: 1, column: 1, path: "", message }]);
  }
}
