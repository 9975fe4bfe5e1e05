/** Reading of an annotation: from a section of a file to the design of a pass, or to everything that is wrong. */
import { type AnnotationDesign, type Annotator, type Targets } from "../events/mod.ts";
import { ANNOTATION_PROMPT_VERSION } from "../annotation/mod.ts";
import { canonical } from "../json.ts";
import { portableSha256 } from "../sha256.ts";
import { openDraw } from "../random/mod.ts";
import { annotationSchema, ANNOTATORS_MAX, annotatorsSchema, targetsSchema } from "./annotation_schema.ts";
import { readScales } from "./annotation_scales.ts";
import { isRecord } from "./document.ts";
import type { AnnotationSetup, DiscussionSettings, ModelSetup, Persona } from "./experiment.ts";
import { specOf } from "./model_setup.ts";
import { type Finding, mismatch, quoted, within } from "./problems.ts";
import { modelNameFindings, type ReferredList } from "./references.ts";
import { checked } from "./schema_findings.ts";

/** What an annotation refers to. */
export type AnnotationContext = Readonly<{
  /** The models of the file, by name. */
  models: Readonly<Record<string, unknown>>;
  personas: (value: unknown) => ReferredList<Persona>;
}>;

/** What was read of a section, and what is wrong with it; paths are from the section on. */
export type ReadAnnotation = Readonly<{ draft: AnnotationDraft | null; findings: readonly Finding[] }>;

/** A valid annotation, without its models and seed. */
export type AnnotationDraft = Omit<AnnotationDesign, "annotators" | "models" | "seed"> & {
  readonly groups: readonly AnnotatorGroup[];
};

type AnnotatorGroup = Readonly<{
  models: readonly string[];
  name: string | undefined;
  personas: readonly Persona[] | null;
  count: number | undefined;
  instructions: string;
}>;

const HASH_SHOWN = 12;

/**
 * Reads and checks an annotation.
 *
 * @param section The section's content.
 * @param context What it refers to.
 */
export function readAnnotation(section: unknown, context: AnnotationContext): ReadAnnotation {
  const result = checked(annotationSchema, section);
  const content = isRecord(section) ? section : {};
  const groups = readGroups(content.annotators, context);
  const targets = readTargets(content.targets);
  const scales = readScales(isRecord(content.scales) ? content.scales : {});
  const findings = [
    ...result.findings,
    ...within(["annotators"], isRecord(section) ? groups.findings : []),
    ...within(["targets"], targets.findings),
    ...within(["scales"], scales.findings),
  ];
  if (!("data" in result) || findings.length > 0) return { draft: null, findings };
  const { pass, history, requests, retries, codebook } = result.data;
  const hash = portableSha256(canonical(scales.read));
  return {
    draft: {
      pass,
      codebook: { version: codebook ?? hash.slice(0, HASH_SHOWN), hash, scales: scales.read },
      groups: groups.read,
      history: history === "all" ? null : history,
      targets: targets.read,
      requests,
      retries,
      prompt: { version: ANNOTATION_PROMPT_VERSION },
    },
    findings,
  };
}

/** The files of personas that a section names. */
export function personaPathsOf(section: unknown): readonly string[] {
  const groups = isRecord(section) ? [section.annotators].flat() : [];
  return groups.flatMap((group) =>
    isRecord(group) && typeof group.personas === "string" ? [group.personas] : []
  );
}

/**
 * Draws the annotators, and completes the pass.
 *
 * @param draft A valid annotation.
 * @param models The setups of all models of the file.
 * @param seed The seed of the pass's random streams.
 */
export function annotationSetup(
  { groups, ...draft }: AnnotationDraft,
  models: Readonly<Record<string, ModelSetup>>,
  seed: string,
): AnnotationSetup {
  const annotators = groups.flatMap((group, index) => annotatorsOf(group, { index, pass: draft.pass, seed }));
  const used = [...new Set(annotators.map(({ model }) => model!))].sort();
  const specs = Object.fromEntries(used.map((name) => [name, specOf(models[name]!)]));
  return {
    design: { ...draft, annotators, models: specs, seed },
    models: Object.fromEntries(used.map((name) => [name, models[name]!])),
  };
}

/** The same annotators judge every discussion, so that their agreement can be computed. */
function annotatorsOf(
  { models, name, personas, count, instructions }: AnnotatorGroup,
  { index, pass, seed }: Readonly<{ index: number; pass: string; seed: string }>,
): Annotator[] {
  if (personas === null) {
    return models.map((model) => ({
      name: name === undefined ? model : nameOf(name, models, model),
      model,
      persona: {},
      instructions,
    }));
  }
  const chosen = openDraw(seed, "annotators", pass, index).sample(personas, count ?? personas.length);
  return chosen.flatMap(({ name, attributes }) =>
    models.map((model) => ({
      name: nameOf(name, models, model),
      model,
      persona: attributes,
      instructions,
    }))
  );
}

type Read<T> = Readonly<{ read: T; findings: readonly Finding[] }>;

function readGroups(value: unknown, context: AnnotationContext): Read<readonly AnnotatorGroup[]> {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) {
    return { read: [], findings: [mismatch([], "annotators: keys and values, or a list of groups", value)] };
  }
  const groups = Array.isArray(value) ? value : [value];
  const findings: Finding[] = [];
  const read: AnnotatorGroup[] = [];
  for (const [index, entry] of groups.entries()) {
    const group = readGroup(entry, context);
    findings.push(...within(Array.isArray(value) ? [index] : [], group.findings));
    if (group.read !== null) read.push(group.read);
  }
  return { read, findings: findings.length > 0 ? findings : annotatorListFindings(read) };
}

function readGroup(
  entry: unknown,
  { models, personas: look }: AnnotationContext,
): Read<AnnotatorGroup | null> {
  const result = checked(annotatorsSchema, entry);
  const findings = [...result.findings, ...isRecord(entry) ? modelNameFindings(entry.model, models) : []];
  const list = isRecord(entry) && entry.personas !== undefined ? look(entry.personas) : null;
  if (list !== null) findings.push(...within(["personas"], list.findings));
  if (!("data" in result)) return { read: null, findings };
  const { model, name, count, instructions } = result.data;
  if (count !== undefined && list === null) {
    findings.push({ path: ["count"], message: "there are no personas to draw from" });
  }
  if (count !== undefined && list?.sound && count > list.items.length) {
    const expected = `at most ${list.items.length}, the number of personas`;
    findings.push({
      path: ["count"],
      message: `expected ${expected}, found ${count}`,
      expected,
      found: `${count}`,
    });
  }
  if (name !== undefined && list !== null) {
    findings.push({
      path: ["name"],
      part: "key",
      message: "annotators with personas have the personas' names",
    });
  }
  const group = { models: [model].flat(), name, personas: list?.items ?? null, count, instructions };
  return { read: group, findings };
}

/** Annotators are told apart by name alone; the log of every discussion names all of them. */
function annotatorListFindings(groups: readonly AnnotatorGroup[]): Finding[] {
  const known = new Set<string>();
  let count = 0;
  for (const group of groups) {
    for (const name of namesIn(group)) {
      if (known.has(name)) return [{ path: [], message: `two annotators have the name ${quoted(name)}` }];
      known.add(name);
    }
    count += (group.count ?? group.personas?.length ?? 1) * group.models.length;
  }
  if (count <= ANNOTATORS_MAX) return [];
  const expected = `at most ${ANNOTATORS_MAX} annotators`;
  return [{ path: [], message: `expected ${expected}, found ${count}`, expected, found: `${count}` }];
}

function namesIn({ models, name, personas }: AnnotatorGroup): string[] {
  if (personas === null) {
    return models.map((model) => name === undefined ? model : nameOf(name, models, model));
  }
  return personas.flatMap((persona) => models.map((model) => nameOf(persona.name, models, model)));
}

/** Those who differ by their model alone have it in their name. */
function nameOf(base: string, models: readonly string[], model: string): string {
  return models.length > 1 ? `${base} (${model})` : base;
}

function readTargets(value: unknown): Read<Targets> {
  const long = value === undefined ? {} : typeof value === "string" ? { of: value } : value;
  const result = checked(targetsSchema, long);
  if ("data" in result) {
    const { of, perDiscussion } = result.data;
    return { read: { of, ...(perDiscussion === undefined ? {} : { perDiscussion }) }, findings: [] };
  }
  const findings = typeof value === "string"
    ? result.findings.map((f) => ({ ...f, path: [] }))
    : result.findings;
  return { read: { of: "all" }, findings };
}

/** An annotator is one and the same for all discussions: a model that differs between conditions is several. */
export function annotatorFindings(
  draft: AnnotationDraft | null,
  settings: readonly Pick<DiscussionSettings, "models">[],
): readonly Finding[] {
  const used = new Set(draft?.groups.flatMap(({ models }) => models) ?? []);
  const differing = [...used].find((name) =>
    new Set(settings.map(({ models }) => canonical(models[name]))).size > 1
  );
  if (differing === undefined) return [];
  const message =
    `the conditions describe the model ${quoted(differing)} in different ways, so that it cannot judge ` +
    `all of them alike: describe one for the annotators alone`;
  return [{ path: ["annotators"], part: "key", message }];
}
