/** Reads experiment files: returns the experiment, or throws all problems. */
import type { Json } from "../json.ts";
import type { SourceReader } from "../ports/source_reader.ts";
import { readAnalysis } from "./analysis.ts";
import {
  annotationPathsOf,
  annotationSetup,
  annotatorFindings,
  readAnnotation,
  readTargets,
} from "./annotation.ts";
import { annotationSchema } from "./annotation_schema.ts";
import {
  type Choice,
  combinationCount,
  combinations,
  conditionFindings,
  conditionsOf,
  settingsOf,
  withLevels,
} from "./conditions.ts";
import { contentOf, placed, recordOf, type SourceDocument } from "./document.ts";
import type { DiscussionSettings, Experiment, SourceFile } from "./experiment.ts";
import type { Extensions } from "./extensions.ts";
import { withValueAt } from "./factor_paths.ts";
import { type ReadDesign, readDesign, type ReadFactor } from "./factors.ts";
import { FindingLog } from "./finding_log.ts";
import { COMBINATIONS_MAX } from "./limits.ts";
import { matchedFindings } from "./shared_draws.ts";
import { decidedFindings, type Pasts, readPasts } from "./past.ts";
import { readPeople } from "./people.ts";
import { currencyFindings, modelIdentity, serviceFindings } from "./models.ts";
import { ExperimentError, type Read, within } from "./problems.ts";
import { promptMistakes } from "./prompt_check.ts";
import { NO_MODERATOR, referenceFindings } from "./references.ts";
import { contentSchema, type ExperimentContent, experimentSchema } from "./schema.ts";
import { readScales } from "./scales.ts";
import { checked } from "./schema_findings.ts";
import { readSources, referredBy, type Sources } from "./sources.ts";
import { setPath } from "./template_sets.ts";

/** How an experiment file is read. */
export type ParseOptions = Readonly<{
  sources: SourceReader;
  /** The rules and adapters that the file can name; see `builtInExtensions`. */
  extensions: Extensions;
}>;

/** Refuses an annotation file with one message, because each of its keys would be a problem. */
function refuseAnnotationFile(document: SourceDocument, content: Readonly<Record<string, unknown>>): void {
  if (!("annotators" in content && "scales" in content) || "participants" in content) return;
  const message = 'this is an annotation file, not an experiment: give it to "annotate", with --with';
  throw new ExperimentError([
    ...document.problems,
    placed(document, { path: ["annotators"], part: "key", message }),
  ]);
}

/**
 * Checks an experiment file in every combination of its factors' levels, and expands its design.
 *
 * @throws {ExperimentError} With all problems of this file and of the files that it names.
 *
 * @example
 * ```ts
 * import { builtInExtensions, parseExperiment, readDocument } from "./mod.ts";
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
 * const experiment = await parseExperiment(readDocument(text, "small.yaml"), {
 *   sources: memorySources({}),
 *   extensions: builtInExtensions(["scripted"]),
 * });
 * assert.deepEqual(experiment.conditions.map(({ label }) => label), ["1", "3"]);
 * ```
 */
export async function parseExperiment(
  document: SourceDocument,
  { sources: reader, extensions }: ParseOptions,
): Promise<Experiment> {
  const file = contentOf(document, "an experiment");
  refuseAnnotationFile(document, file);
  const { design: _, annotation: annotationSection, analysis: analysisSection, people, ...content } = file;
  const design = readDesign(file);
  const contents = contentsOf(content, design);
  const paths = new Set(contents.read.flatMap(({ content }) => pathsIn(content)));
  const files = await readSources(paths.union(new Set(annotationPathsOf(annotationSection))), reader);
  const { read: peopleSetup, findings: peopleFindings } = await readPeople(people, reader, annotationSection);
  const pasts = await readPasts(contents.read.map(({ content }) => content), reader);
  const { referred, problems: problemsInFiles } = referredBy(extensions, files, pasts);
  const log = new FindingLog([...design.factors, ...design.vary]);
  const read: ExperimentContent[] = [];
  for (const { content, choice } of contents.read) {
    const result = checked(contentSchema, content, experimentSchema);
    for (const finding of [...result.findings, ...referenceFindings(content, referred)]) {
      log.add(finding, choice);
    }
    if ("data" in result) read.push(result.data);
  }
  const annotation = annotationSection === undefined ? null : readAnnotation(annotationSection, {
    models: recordOf(file.models),
    ...referred,
  });
  const analysis = analysisSection === undefined ? null : readAnalysis(analysisSection, {
    ...analysable(file, design),
    moderated: contents.read.some(({ content }) => !isUnmoderated(content.moderator)),
  });
  const findings = [
    ...design.findings,
    ...contents.findings,
    ...decidedFindings(design, contents.read.map(({ content }) => content)),
    ...within(["annotation"], annotation?.findings ?? []),
    ...within(["analysis"], analysis?.findings ?? []),
    ...peopleFindings,
  ];
  const problems = [
    ...document.problems,
    ...findings.map((finding) => placed(document, finding)),
    ...log.problems(document, contents.read.length),
    ...problemsInFiles,
  ];
  if (problems.length > 0) throw new ExperimentError(problems);
  const settings = read.map((content) => settingsOf(content, referred));
  const ambiguous = [
    ...serviceFindings(settings),
    ...currencyFindings(settings.flatMap(({ models }) => Object.entries(models))),
    ...matchedFindings(recordOf(file.design).matched, settings, design.vary.length > 0),
    ...within(["annotation"], annotatorFindings(annotation?.draft ?? null, settings)),
  ];
  if (ambiguous.length > 0) throw new ExperimentError(ambiguous.map((finding) => placed(document, finding)));
  const first = read[0]!;
  const seed = String(first.seed);
  const experiment: Experiment = {
    name: first.name,
    seed,
    replications: design.replications,
    matched: design.matched,
    factors: design.factors,
    vary: design.vary,
    conditions: conditionsOf(design, settings),
    annotation: annotation?.draft
      ? { ...annotationSetup(annotation.draft, settings[0]!.models, seed), people: peopleSetup }
      : null,
    people: peopleSetup,
    analysis: analysis?.design ?? null,
    sources: new Map([...textsOf(files, paths), ...pastTexts(pasts)]),
    content: withoutLevels(withoutService(first, settings, extensions), design),
  };
  const mistakes = promptMistakes(experiment);
  if (mistakes.length > 0) throw new ExperimentError(mistakes.map(referred.mistaken));
  return experiment;
}

type Content = Readonly<{ content: Record<string, unknown>; choice: Choice }>;

function contentsOf(file: Record<string, unknown>, design: ReadDesign): Read<readonly Content[]> {
  const factors = [...design.factors, ...design.vary];
  const all = combinations(factors).map((choice) => ({
    content: withLevels(file, factors, choice) as Record<string, unknown>,
    choice,
  }));
  const count = combinationCount(factors);
  if (count <= COMBINATIONS_MAX) return { read: all.toArray(), findings: conditionFindings(design) };
  const message =
    `the factors and varied values have ${count} combinations, expected at most ${COMBINATIONS_MAX}`;
  return { read: all.take(1).toArray(), findings: [{ path: ["design"], part: "key", message }] };
}

function pathsIn({ participants, openings, discussion }: Record<string, unknown>): string[] {
  return [recordOf(participants).personas, openings, setPath(recordOf(discussion).templates)]
    .filter((value) => typeof value === "string");
}

/**
 * What the analysis can name. Includes wrong factors and scales: they are reported in their own section, and
 * not again in the analysis.
 */
function analysable(
  file: Readonly<Record<string, unknown>>,
  { factors, matched, replications }: ReadDesign,
): Omit<Parameters<typeof readAnalysis>[1], "moderated"> {
  const { pass, scales, targets } = recordOf(file.annotation);
  const { of } = readTargets(targets).read;
  const { read, findings } = readScales(recordOf(scales));
  const passName = typeof pass === "string" ? pass : annotationSchema.shape.pass.parse(undefined);
  return {
    factors: Object.keys(recordOf(recordOf(file.design).factors)).map((path) => {
      const factor = factors.find((factor) => factor.path === path);
      return factor === undefined
        ? { path, levels: [] }
        : { ...factor, unmoderated: unmoderatedLevels(factor) };
    }),
    scales: findings.length > 0 ? [] : read.map((scale) => ({ pass: passName, scale, targets: of })),
    morePasses: true,
    matched,
    discussions: combinationCount(factors) * replications,
  };
}

/** The labels of a factor's levels at which discussions have no moderator. */
function unmoderatedLevels({ levels, parts }: ReadDesign["factors"][number]): readonly string[] {
  const moderators = parts.find(({ path }) => path === "moderator")?.values;
  if (moderators === undefined) return [];
  return levels.filter((_, at) => isUnmoderated(moderators[at]))
    .map(({ label }) => label);
}

function isUnmoderated(moderator: unknown): boolean {
  return moderator === null || moderator === undefined || moderator === NO_MODERATOR;
}

function textsOf(files: Sources, paths: ReadonlySet<string>): Experiment["sources"] {
  return new Map(
    [...files].flatMap(([path, source]) =>
      paths.has(path) && "text" in source
        ? [[path, { text: source.text, value: source.document.value as Json }] as const]
        : []
    ),
  );
}

/**
 * The content without everything that discussions do not depend on: how models are reached, and annotators'
 * models.
 */
function withoutService(
  file: ExperimentContent,
  settings: readonly DiscussionSettings[],
  extensions: Extensions,
): ExperimentContent {
  const used = new Set(settings.flatMap(({ participantModels, pinnedModel, moderator }) => [
    ...participantModels,
    ...pinnedModel === null ? [] : [pinnedModel],
    ...moderator === null ? [] : [moderator.model],
  ]));
  const models = Object.entries(file.models).filter(([name]) => used.has(name))
    .map(([name, entry]) => [name, modelIdentity(entry, extensions)]);
  return { ...file, models: Object.fromEntries(models) };
}

function* pastTexts(pasts: Pasts): Generator<readonly [string, SourceFile]> {
  for (const [name, past] of pasts) if ("text" in past) yield [name, { text: past.text, value: past.text }];
}

function withoutLevels(file: ExperimentContent, { factors, vary }: ReadDesign): Experiment["content"] {
  const withoutValue = (rest: unknown, { parts }: ReadFactor) =>
    parts.reduce((content, { steps }) => withValueAt(content, steps, null), rest);
  return [...factors, ...vary].reduce(withoutValue, file) as Experiment["content"];
}
