/** Reads template sets: built-in ones by name, and files of a researcher. */
import {
  BUILT_IN_SETS,
  builtInSet,
  type Mistake,
  parseTemplate,
  TEMPLATE_NAMES,
  TEMPLATE_VARIABLES,
  TemplateError,
  type TemplateName,
  type TemplateSet,
  templatesHash,
  unknownVariables,
} from "../templates/mod.ts";
import { z } from "../zod.ts";
import { placed, recordOf, type SourceDocument } from "./document.ts";
import { type Finding, listed, nearest, type Problem, quoted, suggesting } from "./problems.ts";
import { checked } from "./schema_findings.ts";
import { KEYS_AND_VALUES, oneOf, text, visibleLine } from "./schema_parts.ts";

/** A template set that an experiment file names. */
export type ReferredSet = Readonly<{
  /** `null` if it has problems. */
  set: TemplateSet | null;
  /** Problems of the value that names the set. */
  findings: readonly Finding[];
  /** Problems inside the set's file. */
  problems: readonly Problem[];
  /** Gives the place of a mistake in the set's file; `null` for built-in sets. */
  locate: ((template: TemplateName, mistake: Mistake) => Problem) | null;
}>;

type Source = Readonly<{ text: string; document: SourceDocument }> | Readonly<{ unreadable: string }>;

const setSchema = z.strictObject({
  name: visibleLine("The set's name in logs"),
  layout: oneOf(["transcript", "messages"], "How comments become messages").default("transcript"),
  separator: text("The text between two comments").optional(),
  ...Object.fromEntries(TEMPLATE_NAMES.map((name) => [name, text("A template").optional()])),
}, KEYS_AND_VALUES);

/** The names of the built-in sets. */
export const SET_NAMES: readonly string[] = [...new Set(BUILT_IN_SETS.map(({ name }) => name))];

/** The path of a template set's file; `null` for a built-in set. */
export function setPath(value: unknown): string | null {
  return typeof value === "string" && builtInSet(value) === undefined ? value : null;
}

/** Reads the template set that a value names. */
export function readTemplateSet(value: string, source: Source | undefined): ReferredSet {
  const builtIn = builtInSet(value);
  if (builtIn !== undefined) return { set: builtIn, findings: [], problems: [], locate: null };
  const nothing = { set: null, findings: [], problems: [], locate: null };
  if (source === undefined || "unreadable" in source) {
    if (/[./\\]/.test(value)) {
      const message = `cannot read ${quoted(value)}: ${source?.unreadable ?? "it was not read"}`;
      return { ...nothing, findings: [{ path: [], message }] };
    }
    const expected = `${listed(SET_NAMES)}, or the path of your own (.yaml)`;
    const message = `there is no built-in template set ${quoted(value)}: expected ${expected}`;
    const finding = { path: [], message, expected, found: quoted(value) };
    return { ...nothing, findings: [suggesting(finding, value, SET_NAMES)] };
  }
  return { findings: [], ...readFile(source) };
}

function readFile(source: Extract<Source, { text: string }>): Omit<ReferredSet, "findings"> {
  const { document } = source;
  const locate = (template: TemplateName, mistake: Mistake) => placeIn(source, template, mistake);
  if (!document.complete) return { set: null, problems: document.problems, locate };
  const result = checked(setSchema, document.value);
  const problems = [
    ...document.problems,
    ...result.findings.map((finding) => placed(document, finding)),
    ...nameFindings(document.value).map((finding) => placed(document, finding)),
    ...TEMPLATE_NAMES.flatMap((name) => mistakesIn(document.value, name).map((one) => locate(name, one))),
  ];
  const set = "data" in result && problems.length === 0 ? result.data as TemplateSet : null;
  return { set, problems, locate };
}

function nameFindings(value: unknown): readonly Finding[] {
  const { name } = recordOf(value);
  if (typeof name !== "string" || builtInSet(name) === undefined) return [];
  return [{ path: ["name"], message: `${quoted(name)} is a built-in set: give yours another name` }];
}

function mistakesIn(value: unknown, name: TemplateName): readonly Mistake[] {
  const source = recordOf(value)[name];
  if (typeof source !== "string") return [];
  try {
    return unknownVariables(name, parseTemplate(name, source)).map(({ variable, reason, ...place }) => {
      const known = TEMPLATE_VARIABLES[name];
      const near = nearest(variable, known);
      const hint = near === undefined ? `: expected ${listed(known)}` : `; did you mean "${near}"?`;
      return { ...place, reason: `${reason}${hint}` };
    });
  } catch (error) {
    if (error instanceof TemplateError) return [error];
    throw error;
  }
}

/** The signs that begin a block text in YAML: the lines of the text follow below, indented. */
const BLOCK_TEXT = /^[|>]/;

/**
 * The place of a mistake in the file. A block text begins on the line below its key; other texts begin beside
 * the key.
 */
function placeIn(
  { text, document }: Extract<Source, { text: string }>,
  template: TemplateName,
  { line, column, reason }: Mistake,
): Problem {
  const start = document.placeOf([template]);
  const lines = text.split(/\r\n|\r|\n/);
  const header = lines[start.line - 1]?.slice(start.column - 1) ?? "";
  const where = { file: document.file, path: template };
  if (BLOCK_TEXT.test(header)) {
    const first = lines.slice(start.line).find((written) => written.trim() !== "") ?? "";
    const indent = first.length - first.trimStart().length;
    return { ...where, line: start.line + line, column: indent + column, message: reason };
  }
  const quote = /^["']/.test(header) ? 1 : 0;
  const isFirst = line === 1;
  return {
    ...where,
    line: start.line,
    column: start.column + (isFirst ? quote + column - 1 : 0),
    message: isFirst ? reason : `${reason} (line ${line}, column ${column} of the template)`,
  };
}

/** A template that cannot be rendered: the set's hash, the template's name, and the error. */
export type PromptMistake = Readonly<{ set: string; template: TemplateName; error: TemplateError }>;

/**
 * The problem for a mistake in a template. Its place is in the file of the template set with the mistake's
 * hash.
 */
export function templatesPlace(
  sets: Iterable<ReferredSet>,
  { set: sha256, template, error }: PromptMistake,
): Problem {
  for (const { set, locate } of sets) {
    if (set !== null && locate !== null && templatesHash(set) === sha256) return locate(template, error);
  }
  throw error;
}
