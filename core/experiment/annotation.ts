/** Reads the section `annotation`: returns the draft of a pass, or all problems. */
import { HUMAN_ADAPTER } from "../events/discussion_design.ts";
import { type AnnotationDesign, type Annotator, type Targets } from "../events/mod.ts";
import { canonical } from "../json.ts";
import { portableSha256 } from "../sha256.ts";
import { ANNOTATION_PROMPT_VERSION } from "../annotation/mod.ts";
import { openDraw } from "../random/mod.ts";
import { namedTemplates } from "../templates/mod.ts";
import { annotationSchema, ANNOTATORS_MAX, annotatorsSchema, targetsSchema } from "./annotation_schema.ts";
import { recordOf } from "./document.ts";
import type { AnnotationSetup, DiscussionSettings, ModelSetup, Persona } from "./experiment.ts";
import { specOf } from "./model_keys.ts";
import { type Finding, mismatch, quoted, type Read, within } from "./problems.ts";
import { modelNameFindings, tooMany } from "./references.ts";
import { readScales } from "./scales.ts";
import { checked } from "./schema_findings.ts";
import type { ReferredList } from "./sources.ts";
import { type ReferredSet, setPath } from "./template_sets.ts";

type AnnotationContext = Readonly<{
  models: Readonly<Record<string, unknown>>;
  personas: (value: unknown) => ReferredList<Persona>;
  templates: (value: string) => ReferredSet;
}>;

/** A valid annotation, before its annotators are drawn. */
type AnnotationDraft = Omit<AnnotationDesign, "annotators" | "models" | "seed"> & {
  readonly groups: readonly AnnotatorGroup[];
};

type AnnotatorGroup = Readonly<{
  models: readonly string[];
  name: string | undefined;
  personas: readonly Persona[] | null;
  count: number | undefined;
  instructions: string;
}>;

/** If the file gives a codebook no version, its version is this many characters of its hash. */
const HASH_SHOWN = 12;

export function readAnnotation(
  section: unknown,
  context: AnnotationContext,
): Readonly<{ draft: AnnotationDraft | null; findings: readonly Finding[] }> {
  const result = checked(annotationSchema, section);
  const content = recordOf(section);
  const groups = readGroups(content.annotators, context);
  const targets = readTargets(content.targets);
  const scales = readScales(recordOf(content.scales));
  const templates = typeof content.templates === "string" ? context.templates(content.templates) : null;
  const findings = [
    ...result.findings,
    ...within(["annotators"], groups.findings),
    ...within(["targets"], targets.findings),
    ...within(["scales"], scales.findings),
    ...within(["templates"], templates?.findings ?? []),
    ...peopleFindings(content.requests, groups.read, context.models),
  ];
  if (!("data" in result) || findings.length > 0) return { draft: null, findings };
  const { pass, history, requests, retries, codebook } = result.data;
  const hash = portableSha256(canonical(scales.read));
  const named = templates?.set ? namedTemplates(templates.set) : undefined;
  return {
    draft: {
      pass,
      codebook: { version: codebook ?? hash.slice(0, HASH_SHOWN), hash, scales: scales.read },
      groups: groups.read,
      history: history === "all" ? null : history,
      targets: targets.read,
      requests,
      retries,
      prompt: { version: ANNOTATION_PROMPT_VERSION, ...(named === undefined ? {} : { templates: named }) },
    },
    findings,
  };
}

/**
 * Refuses one request for all scales if a person annotates: a person can answer one scale and skip another.
 */
function peopleFindings(
  requests: unknown,
  groups: readonly AnnotatorGroup[],
  models: AnnotationContext["models"],
): readonly Finding[] {
  if (requests !== "together") return [];
  const name = groups.flatMap(({ models }) => models).find((name) =>
    recordOf(models[name]).adapter === HUMAN_ADAPTER
  );
  if (name === undefined) return [];
  const message =
    `the annotator's model ${quoted(name)} is a person, who gets a separate question for each scale: ` +
    "remove this key, or annotate with people in a separate pass";
  return [{ path: ["requests"], part: "key", message }];
}

/** The files that the section names: personas, and a template set. */
export function annotationPathsOf(section: unknown): readonly string[] {
  const { annotators, templates } = recordOf(section);
  return [...[annotators].flat().map((group) => recordOf(group).personas), setPath(templates)]
    .filter((path) => typeof path === "string");
}

/**
 * Draws the annotators. All discussions have the same annotators, so that their agreement can be computed.
 */
export function annotationSetup(
  { groups, ...draft }: AnnotationDraft,
  models: Readonly<Record<string, ModelSetup>>,
  seed: string,
): Omit<AnnotationSetup, "people"> {
  const annotators = groups.flatMap((group, index) => {
    const { personas, count } = group;
    if (personas === null) return annotatorsOf(group, []);
    const draw = openDraw(seed, "annotators", draft.pass, index);
    return annotatorsOf(group, draw.sample(personas, count ?? personas.length));
  });
  const used = [...new Set(annotators.map(({ model }) => model!))].sort();
  const specs = Object.fromEntries(used.map((name) => [name, specOf(models[name]!)]));
  return {
    design: { ...draft, annotators, models: specs, seed },
    models: Object.fromEntries(used.map((name) => [name, models[name]!])),
  };
}

/** The annotators of one group. If the group has several models, each name ends with the model. */
function annotatorsOf(
  { models, name, instructions, personas }: AnnotatorGroup,
  chosen: readonly Persona[],
): Annotator[] {
  const named = (base: string, model: string) => models.length > 1 ? `${base} (${model})` : base;
  if (personas === null) {
    return models.map((model) => ({
      name: name === undefined ? model : named(name, model),
      model,
      persona: {},
      instructions,
    }));
  }
  return chosen.flatMap(({ name, attributes }) =>
    models.map((model) => ({ name: named(name, model), model, persona: attributes, instructions }))
  );
}

function readGroups(value: unknown, context: AnnotationContext): Read<readonly AnnotatorGroup[]> {
  if (value === undefined) return { read: [], findings: [] };
  if (value === null || (Array.isArray(value) && value.length === 0)) {
    return { read: [], findings: [mismatch([], "annotators: keys and values, or a list of groups", value)] };
  }
  const groups = [value].flat().map((entry) => readGroup(entry, context));
  const read = groups.flatMap((group) => group.read ?? []);
  const findings = groups.flatMap((group, index) =>
    within(Array.isArray(value) ? [index] : [], group.findings)
  );
  return { read, findings: findings.length > 0 ? findings : annotatorListFindings(read) };
}

function readGroup(
  entry: unknown,
  { models, personas: look }: AnnotationContext,
): Read<AnnotatorGroup | null> {
  const result = checked(annotatorsSchema, entry);
  const { model: written, personas } = recordOf(entry);
  const findings = [...result.findings, ...modelNameFindings(written, models)];
  const list = personas === undefined ? null : look(personas);
  if (list !== null) findings.push(...within(["personas"], list.findings));
  if (!("data" in result)) return { read: null, findings };
  const { model, name, count, instructions } = result.data;
  if (count !== undefined && list === null) {
    findings.push({ path: ["count"], message: "there are no personas to draw from" });
  }
  if (count !== undefined && list?.sound && count > list.items.length) {
    findings.push({ path: ["count"], ...tooMany(count, list.items.length, ", the number of personas") });
  }
  if (name !== undefined && list !== null) {
    const message = "annotators with personas have the names of their personas: remove this key";
    findings.push({ path: ["name"], part: "key", message });
  }
  const group = { models: [model].flat(), name, personas: list?.items ?? null, count, instructions };
  return { read: group, findings };
}

/** Refuses two annotators with the same name, and too many annotators, because each log lists all of them. */
function annotatorListFindings(groups: readonly AnnotatorGroup[]): Finding[] {
  const known = new Set<string>();
  let count = 0;
  for (const group of groups) {
    for (const { name } of annotatorsOf(group, group.personas ?? [])) {
      if (known.has(name)) return [{ path: [], message: `two annotators have the name ${quoted(name)}` }];
      known.add(name);
    }
    count += (group.count ?? group.personas?.length ?? 1) * group.models.length;
  }
  return count <= ANNOTATORS_MAX ? [] : [{ path: [], ...tooMany(count, ANNOTATORS_MAX, " annotators") }];
}

/** Reads `targets`: which comments the pass annotates. */
export function readTargets(value: unknown): Read<Targets> {
  const long = value === undefined ? {} : typeof value === "string" ? { of: value } : value;
  const result = checked(targetsSchema, long);
  if (!("data" in result)) {
    const findings = typeof value === "string"
      ? result.findings.map((finding) => ({ ...finding, path: [] }))
      : result.findings;
    return { read: { of: "all" }, findings };
  }
  const { of, perDiscussion } = result.data;
  return { read: { of, ...(perDiscussion === undefined ? {} : { perDiscussion }) }, findings: [] };
}

/** Refuses an annotator's model that differs between conditions: one name would mean several models. */
export function annotatorFindings(
  draft: AnnotationDraft | null,
  settings: readonly Pick<DiscussionSettings, "models">[],
): readonly Finding[] {
  const used = new Set(draft?.groups.flatMap(({ models }) => models) ?? []);
  const differing = [...used].find((name) =>
    new Set(settings.map(({ models }) => canonical(models[name]))).size > 1
  );
  if (differing === undefined) return [];
  const message = `the conditions describe the model ${quoted(differing)} in different ways, but an ` +
    "annotator must be the same in all conditions: describe a separate model for the annotators";
  return [{ path: ["annotators"], part: "key", message }];
}
