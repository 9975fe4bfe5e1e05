/**
 * Reads annotations, analyses and declarations. Annotations and analyses are separate files or sections of
 * experiment files.
 */
import { PASS_NAME, PASS_NAME_ERROR } from "../names.ts";
import { z } from "../zod.ts";
import type { RuleSpec } from "../events/mod.ts";
import { readAnalysis } from "./analysis.ts";
import type { AnalysisDesign, KnownScale } from "./analysis_design.ts";
import { annotationPathsOf, annotationSetup, readAnnotation } from "./annotation.ts";
import { annotationFileSchema } from "./annotation_schema.ts";
import { contentOf, placed, readDocument, recordOf, type SourceDocument } from "./document.ts";
import type { AnnotationSetup, ModelSetup } from "./experiment.ts";
import type { Extensions } from "./extensions.ts";
import { defined } from "./model_keys.ts";
import { currencyFindings, modelsOf, modelsSchema } from "./models.ts";
import type { ParseOptions } from "./parse.ts";
import { readPeople } from "./people.ts";
import { ExperimentError, type Finding, type Problem, quoted, within } from "./problems.ts";
import { annotationMistakes } from "./prompt_check.ts";
import { modelFindings } from "./references.ts";
import { readSchedule, readTurnTaking } from "./rules.ts";
import { declarationSchema } from "./schema.ts";
import { checked } from "./schema_findings.ts";
import { readSources, referredBy } from "./sources.ts";

/**
 * How an annotation is read. `seed` is used if the file has no seed. `pass` replaces the name of the pass in
 * the file.
 */
export type ParseAnnotationOptions = ParseOptions & Readonly<{ seed: string; pass?: string }>;

/**
 * Reads an annotation: a file with `models` beside the keys of the section `annotation`, or an experiment file that has
 * this section.
 */
export async function parseAnnotation(
  document: SourceDocument,
  { extensions, sources: reader, seed: ownSeed, pass }: ParseAnnotationOptions,
): Promise<AnnotationSetup> {
  if (pass !== undefined && !PASS_NAME.test(pass)) {
    throw new RangeError(`Cannot call a pass ${quoted(pass)}: expected ${PASS_NAME_ERROR}`);
  }
  const { models: entries, seed, people, ...rest } = contentOf(document, "an annotation");
  const { section, path } = sectionOf(document, "annotation", rest);
  const { referred, problems } = referredBy(
    extensions,
    await readSources(annotationPathsOf(section), reader),
  );
  const { read: peopleSetup, findings: peopleFindings } = await readPeople(people, reader, section);
  const models = recordOf(entries);
  const shape = checked(annotationFileSchema, { models: entries, seed });
  const { draft, findings } = readAnnotation(section, { models, ...referred });
  refuse(document, [
    ...shape.findings,
    ...within(path, findings),
    ...peopleFindings,
    ...modelFindings(models, extensions),
  ], problems);
  const setups = modelsOf((shape as Extract<typeof shape, { data: unknown }>).data.models, extensions);
  refuse(document, currencyFindings(Object.entries(setups)));
  const own = pass === undefined ? draft! : { ...draft!, pass };
  const setup = { ...annotationSetup(own, setups, String(seed ?? ownSeed)), people: peopleSetup };
  const mistakes = annotationMistakes(setup.design);
  if (mistakes.length > 0) throw new ExperimentError(mistakes.map(referred.mistaken));
  return setup;
}

/** Reads the section `models` of a file, whatever else it has: an experiment file, an annotation file, or only models. */
export function parseModels(
  document: SourceDocument,
  { extensions }: Pick<ParseOptions, "extensions">,
): Readonly<Record<string, ModelSetup>> {
  const { models: entries } = contentOf(document, "a file with models");
  const shape = checked(z.object({ models: modelsSchema }), { models: entries });
  refuse(document, [...shape.findings, ...modelFindings(recordOf(entries), extensions)]);
  return modelsOf((shape as Extract<typeof shape, { data: unknown }>).data.models, extensions);
}

/** The factors and scales that an analysis can name. */
export type Analysable = Readonly<{
  /** Factor → the labels of its levels. */
  factors: Readonly<Record<string, readonly string[]>>;
  /** Path of a factor → its label, which the analysis can use in place of the path. */
  otherNames?: Readonly<Record<string, string>>;
  scales: readonly KnownScale[];
}>;

/** How an analysis is read. `file` is the file's name, for messages. */
export type ParseAnalysisOptions = Analysable & Readonly<{ file: string }>;

/** Reads an analysis: a file with the keys of the section `analysis`, or an experiment file that has this section. */
export function parseAnalysis(
  text: string,
  { file, factors, otherNames = {}, scales }: ParseAnalysisOptions,
): AnalysisDesign {
  const document = readDocument(text, file);
  const { section, path } = sectionOf(document, "analysis", contentOf(document, "an analysis"));
  const { design, findings } = readAnalysis(section, {
    factors: Object.entries(factors).map(([path, labels]) => ({
      path,
      ...Object.hasOwn(otherNames, path) ? { label: otherNames[path]! } : {},
      levels: labels.map((label) => ({ label })),
    })),
    scales,
    moderated: null,
    morePasses: false,
    matched: null,
    discussions: null,
  });
  refuse(document, within(path, findings));
  return design!;
}

/** The rules that discussions followed, as a declaration says. If a rule is missing, it is not declared. */
export type DeclaredRules = Readonly<{
  turns?: number;
  /** How many of the last comments a prompt shows; `null` for all comments. */
  history?: number | null;
  turnTaking?: RuleSpec;
  schedule?: RuleSpec;
}>;

/**
 * Reads a declaration. Its rules have the form of the section `discussion`; its `schedule` has the form of a
 * moderator's.
 */
export function parseDeclaration(
  text: string,
  { file, extensions }: Readonly<{ file: string; extensions: Extensions }>,
): DeclaredRules {
  const document = readDocument(text, file);
  const value = contentOf(document, "a declaration");
  const shape = checked(declarationSchema, value);
  const turnTaking = value.turnTaking === undefined ? null : readTurnTaking(value.turnTaking, extensions);
  const schedule = value.schedule === undefined ? null : readSchedule(value.schedule, extensions);
  refuse(document, [
    ...shape.findings,
    ...within(["turnTaking"], turnTaking?.findings ?? []),
    ...within(["schedule"], schedule?.findings ?? []),
  ]);
  const { turns, history } = (shape as Extract<typeof shape, { data: unknown }>).data;
  return defined({
    turns,
    history: history === "all" ? null : history,
    turnTaking: turnTaking?.spec!,
    schedule: schedule?.spec!,
  });
}

function sectionOf(
  document: SourceDocument,
  name: string,
  file: Record<string, unknown>,
): Readonly<{ section: unknown; path: string[] }> {
  if (!Object.hasOwn(file, "participants")) return { section: file, path: [] };
  if (file[name] === undefined) {
    refuse(document, [{ path: [], message: `the experiment has no section ${name}` }]);
  }
  return { section: file[name], path: [name] };
}

function refuse(
  document: SourceDocument,
  findings: readonly Finding[],
  others: readonly Problem[] = [],
): void {
  const problems = [...document.problems, ...findings.map((one) => placed(document, one)), ...others];
  if (problems.length > 0) throw new ExperimentError(problems);
}
