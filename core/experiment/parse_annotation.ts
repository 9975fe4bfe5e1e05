/** From the text of an annotation file to a pass, or to everything that is wrong with it. */
import { PASS_NAME, PASS_NAME_ERROR } from "../annotation/pass_name.ts";
import { annotationFileSchema } from "./annotation_schema.ts";
import { annotationSetup, personaPathsOf, readAnnotation } from "./annotation_section.ts";
import { isRecord, placed, readDocument } from "./document.ts";
import type { AnnotationSetup } from "./experiment.ts";
import { currencyFindings } from "./model_setup.ts";
import type { ParseOptions } from "./parse.ts";
import { ExperimentError, type Finding, mismatch, quoted, within } from "./problems.ts";
import { referredBy } from "./referred.ts";
import { modelFindings } from "./references.ts";
import { checked } from "./schema_findings.ts";
import { modelsOf } from "./settings.ts";
import { readSources } from "./sources.ts";

/** What an annotation file is read with. */
export type ParseAnnotationOptions =
  & ParseOptions
  & Readonly<{
    /** The seed, for a file that gives none. */
    seed: string;
    /** The pass's name, instead of the file's. */
    pass?: string;
  }>;

/**
 * Reads and checks an annotation: a file of its own, with `models` beside what the section `annotation` of an experiment
 * holds, or an experiment file that has that section.
 *
 * @param text The file's content: YAML 1.2, or JSON.
 * @param options What it is read with.
 * @throws {ExperimentError} With everything that is wrong.
 * @throws {RangeError} When `pass` cannot be a name.
 */
export async function parseAnnotation(
  text: string,
  { file: name, extensions, sources: reader, seed, pass }: ParseAnnotationOptions,
): Promise<AnnotationSetup> {
  if (pass !== undefined && !PASS_NAME.test(pass)) {
    throw new RangeError(`Cannot call a pass ${quoted(pass)}: expected ${PASS_NAME_ERROR}`);
  }
  const document = readDocument(text, name);
  const refuse = (findings: readonly Finding[]): ExperimentError =>
    new ExperimentError([...document.problems, ...findings.map((finding) => placed(document, finding))]);
  const { value } = document;
  if (!document.complete) throw refuse([]);
  if (!isRecord(value)) throw refuse([mismatch([], "an annotation: keys and values", value ?? null)]);
  const { section, path, others } = partsOf(value);
  if (section === undefined) {
    throw refuse([{ path: [], message: "the experiment has no section annotation" }]);
  }
  const sources = await readSources(personaPathsOf(section), reader);
  const { referred, problems } = referredBy(extensions, sources);
  const models = isRecord(others.models) ? others.models : {};
  const shape = checked(annotationFileSchema, others);
  const read = readAnnotation(section, { models, personas: referred.personas });
  const findings = [...shape.findings, ...within(path, read.findings), ...modelFindings(models, extensions)];
  if (findings.length + problems.length + document.problems.length > 0) {
    throw new ExperimentError([...refuse(findings).problems, ...problems]);
  }
  const draft = pass === undefined ? read.draft! : { ...read.draft!, pass };
  const entries = (shape as Extract<typeof shape, { data: unknown }>).data;
  const setups = modelsOf(entries, extensions);
  const currencies = currencyFindings(setups);
  if (currencies.length > 0) throw refuse(currencies);
  return annotationSetup(draft, setups, String(others.seed ?? seed));
}

type Parts = Readonly<{
  section: unknown;
  path: readonly string[];
  others: Readonly<{ models: unknown; seed: unknown }>;
}>;

function partsOf(file: Record<string, unknown>): Parts {
  const { models, seed, ...section } = file;
  const others = { models, seed };
  return Object.hasOwn(file, "participants")
    ? { section: file.annotation, path: ["annotation"], others }
    : { section, path: [], others };
}
