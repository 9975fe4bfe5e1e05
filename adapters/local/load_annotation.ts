/** From an annotation file on the disk to a pass that can be carried out. */
import { dirname } from "node:path";
import { type AnnotationSetup, ExperimentError, parseAnnotation } from "../../core/experiment/mod.ts";
import type { ModelAdapter } from "../../core/ports/model_adapter.ts";
import { fileSources } from "./file_sources.ts";
import { readText, withPathsFromHere } from "./load_experiment.ts";
import { loadExtensions, type OwnExtensions } from "./load_extensions.ts";

/** A pass that can be carried out. */
export type LoadedAnnotation = Readonly<{
  /** The annotation file, as it was named. */
  path: string;
  /** What its paths are relative to. */
  folder: string;
  /** Its content, verbatim. */
  text: string;
  setup: AnnotationSetup;
  adapters: ReadonlyMap<string, ModelAdapter>;
}>;

/** How an annotation is loaded. */
export type AnnotationLoading =
  & OwnExtensions
  & Readonly<{
    /** The seed for a file that gives none. */
    seed: string;
    /** The pass's name, instead of the file's. */
    pass?: string;
  }>;

/**
 * Reads an annotation file, or the section of an experiment file, and everything that it names.
 *
 * @param path The file.
 * @param options The seed, and adapters that the file can name besides those that are built in.
 * @throws {ExperimentError} With everything that is wrong.
 * @throws {Deno.errors.NotFound} When there is no such file.
 */
export async function loadAnnotation(
  path: string,
  { seed, pass, ...own }: AnnotationLoading,
): Promise<LoadedAnnotation> {
  const text = await readText(path);
  const folder = dirname(path);
  const { known, adapters } = await loadExtensions(text, folder, own);
  const setup = await parseAnnotation(text, {
    file: path,
    sources: fileSources(folder),
    extensions: known,
    seed,
    ...(pass === undefined ? {} : { pass }),
  }).catch((error) => {
    throw error instanceof ExperimentError ? withPathsFromHere(error, path, folder) : error;
  });
  return { path, folder, text, setup, adapters };
}
