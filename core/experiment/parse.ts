/** From the text of an experiment file to an experiment, or to everything that is wrong with it. */
import type { Json } from "../json.ts";
import type { SourceReader } from "../ports/source_reader.ts";
import { analysisContext } from "./analysis_context.ts";
import { readAnalysis } from "./analysis_section.ts";
import { annotationSetup, annotatorFindings, personaPathsOf, readAnnotation } from "./annotation_section.ts";
import { type Choice, combinationCount, combinations, withLevels } from "./combinations.ts";
import { conditionFindings, conditionsOf } from "./conditions.ts";
import { type ReadDesign, readDesign } from "./design_section.ts";
import { isRecord, placed, readDocument } from "./document.ts";
import type { DiscussionSettings, Experiment, SourceFile } from "./experiment.ts";
import type { Extensions } from "./extensions.ts";
import { withValueAt } from "./factor_path.ts";
import { FindingLog } from "./finding_log.ts";
import { COMBINATIONS_MAX } from "./limits.ts";
import { currencyFindings, modelIdentity, serviceFindings } from "./model_setup.ts";
import { ExperimentError, type Finding, mismatch, within } from "./problems.ts";
import { referredBy } from "./referred.ts";
import { referenceFindings } from "./references.ts";
import { type ExperimentFile, experimentSchema } from "./schema.ts";
import { checked } from "./schema_findings.ts";
import { settingsOf } from "./settings.ts";
import { readSources, type Sources } from "./sources.ts";

/** What an experiment file is read with. */
export type ParseOptions = Readonly<{
  /** The file's name, as the user would type it; stands in messages. */
  file: string;
  /** Reads the files that it names. */
  sources: SourceReader;
  /** What it can name; see `builtInExtensions`. */
  extensions: Extensions;
}>;

/**
 * Reads and checks an experiment file, and expands its design.
 *
 * @param text The file's content: YAML 1.2, or JSON.
 * @param options What it is read with.
 * @returns The experiment, valid in every combination of its levels.
 * @throws {ExperimentError} With everything that is wrong, in this file and in those that it names.
 *
 * @example
 * ```ts
 * import { builtInExtensions, parseExperiment } from "./mod.ts";
 * import { memorySources } from "../ports/mod.ts";
 * import assert from "node:assert/strict";
 *
 * const text = `
 * name: small
 * seed: 42
 * models: { talker: { adapter: scripted } }
 * participants: { model: talker, personas: [{ name: Anna }, { name: Ben }] }
 * discussion: { turns: 4 }
 * design: { factors: { discussion.history: [1, 3] }, replications: 10 }
 * `;
 * const experiment = await parseExperiment(text, {
 *   file: "small.yaml",
 *   sources: memorySources({}),
 *   extensions: builtInExtensions(["scripted"]),
 * });
 * assert.deepEqual(experiment.conditions.map(({ label }) => label), ["1", "3"]);
 * ```
 */
export async function parseExperiment(text: string, options: ParseOptions): Promise<Experiment> {
  const document = readDocument(text, options.file);
  const { value: file } = document;
  if (!document.complete) throw new ExperimentError(document.problems);
  if (!isRecord(file)) {
    const finding = mismatch([], "an experiment: keys and values", file ?? null);
    throw new ExperimentError([...document.problems, placed(document, finding)]);
  }
  const design = readDesign(file);
  const contents = contentsOf(file, design);
  const paths = pathsIn(contents.list.map(({ content }) => content));
  const judges = new Set(personaPathsOf(file.annotation));
  const sources = await readSources(paths.union(judges), options.sources);
  const { referred, problems: sourceProblems } = referredBy(options.extensions, sources);
  const log = new FindingLog([...design.factors, ...design.vary]);
  const read: ExperimentFile[] = [];
  for (const { content, choice } of contents.list) {
    const result = checked(experimentSchema, content);
    for (const finding of [...result.findings, ...referenceFindings(content, referred)]) {
      log.add(finding, choice);
    }
    if ("data" in result) read.push(result.data);
  }
  const annotation = file.annotation === undefined ? null : readAnnotation(file.annotation, {
    models: isRecord(file.models) ? file.models : {},
    personas: referred.personas,
  });
  const analysis = file.analysis === undefined
    ? null
    : readAnalysis(file.analysis, analysisContext(file, design));
  const problems = [
    ...document.problems,
    ...[...design.findings, ...contents.findings].map((finding) => placed(document, finding)),
    ...within(["annotation"], annotation?.findings ?? []).map((finding) => placed(document, finding)),
    ...within(["analysis"], analysis?.findings ?? []).map((finding) => placed(document, finding)),
    ...log.problems(document, contents.list.length),
    ...sourceProblems,
  ];
  if (problems.length > 0) throw new ExperimentError(problems);
  const settings = read.map((content) => settingsOf(content, referred));
  const ambiguous = [
    ...serviceFindings(settings),
    ...currencyFindings(Object.assign({}, ...settings.map(({ models }) => models))),
    ...within(["annotation"], annotatorFindings(annotation?.draft ?? null, settings)),
  ];
  if (ambiguous.length > 0) throw new ExperimentError(ambiguous.map((finding) => placed(document, finding)));
  const first = read[0]!;
  return {
    name: first.name,
    seed: String(first.seed),
    replications: design.replications,
    matched: design.matched,
    factors: design.factors,
    vary: design.vary,
    conditions: conditionsOf(design, settings),
    annotation: annotation?.draft
      ? annotationSetup(annotation.draft, settings[0]!.models, String(first.seed))
      : null,
    analysis: analysis?.design ?? null,
    sources: readable(sources, paths),
    content: withoutLevels(withoutService(first, settings, options.extensions), design),
  };
}

type Contents = Readonly<{
  list: readonly { content: Record<string, unknown>; choice: Choice }[];
  findings: readonly Finding[];
}>;

/** The file as each combination of levels has it. */
function contentsOf(file: Record<string, unknown>, design: ReadDesign): Contents {
  const factors = [...design.factors, ...design.vary];
  const all = function* () {
    for (const choice of combinations(factors)) {
      yield { content: withLevels(file, factors, choice) as Record<string, unknown>, choice };
    }
  };
  const count = combinationCount(factors);
  if (count <= COMBINATIONS_MAX) return { list: [...all()], findings: conditionFindings(design) };
  const message =
    `the factors and varied values have ${count} combinations, expected at most ${COMBINATIONS_MAX}`;
  return { list: all().take(1).toArray(), findings: [{ path: ["design"], part: "key", message }] };
}

function pathsIn(contents: readonly Record<string, unknown>[]): Set<string> {
  const paths = new Set<string>();
  for (const { participants, openings } of contents) {
    for (const value of [isRecord(participants) ? participants.personas : undefined, openings]) {
      if (typeof value === "string") paths.add(value);
    }
  }
  return paths;
}

function readable(sources: Sources, paths: ReadonlySet<string>): Experiment["sources"] {
  const files = new Map<string, SourceFile>();
  for (const [path, source] of sources) {
    if (paths.has(path) && "text" in source) {
      files.set(path, { text: source.text, value: source.document.value as Json });
    }
  }
  return files;
}

/**
 * How models are reached is no part of what an experiment is, nor are models that its discussions do not use: those of
 * annotators can be added to a run that is finished.
 */
function withoutService(
  file: ExperimentFile,
  settings: readonly DiscussionSettings[],
  extensions: Extensions,
): ExperimentFile {
  const used = new Set(settings.flatMap(({ participantModels, moderator }) => [
    ...participantModels,
    ...moderator === null ? [] : [moderator.model],
  ]));
  const models = Object.entries(file.models).filter(([name]) => used.has(name))
    .map(([name, entry]) => [name, modelIdentity(entry, extensions)]);
  return { ...file, models: Object.fromEntries(models) };
}

function withoutLevels(file: ExperimentFile, { factors, vary }: ReadDesign): Experiment["content"] {
  // Comments are judged and compared after their discussions: how they are is no part of what the discussions are.
  const { design: _, annotation: __, analysis: ___, ...content } = file;
  return [...factors, ...vary].reduce<unknown>(
    (rest, { steps }) => withValueAt(rest, steps, null),
    content,
  ) as Experiment["content"];
}
