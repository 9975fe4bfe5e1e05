/** Factors: the values that differ between discussions, and the dotted paths that name them. */
import type { Json } from "../json.ts";
import { isRecord } from "./document.ts";
import type { Factor } from "./experiment.ts";
import { LABEL_LENGTH_MAX } from "./limits.ts";
import {
  described,
  type Finding,
  listed,
  nearest,
  type Path,
  quoted,
  type Read,
  within,
} from "./problems.ts";
import { experimentSchema, labelledLevelSchema } from "./schema.ts";
import { jsonSchema } from "./schema_parts.ts";
import { bare, childSchema, findingsOf, knownPaths } from "./schema_findings.ts";
import { z } from "../zod.ts";

export type ReadFactor =
  & Factor
  & Readonly<{
    kind: "factors" | "vary";
    steps: Path;
    levelPaths: readonly Path[];
  }>;

/** The well-formed values of the section `design`. */
export type ReadDesign = Readonly<{
  factors: readonly ReadFactor[];
  vary: readonly ReadFactor[];
  replications: number;
  matched: boolean;
  /** Paths start at the top of the file. */
  findings: readonly Finding[];
}>;

export function readDesign(file: Readonly<Record<string, unknown>>): ReadDesign {
  const raw = file.design ?? {};
  const section = isRecord(raw) ? raw : {};
  const factors = readFactors("factors", section, file);
  const vary = readFactors("vary", section, file);
  return {
    factors: factors.read,
    vary: vary.read,
    replications: typeof section.replications === "number" ? section.replications : 1,
    matched: section.matched !== false,
    findings: [
      ...within(["design"], findingsOf(experimentSchema.shape.design, raw)),
      ...factors.findings,
      ...vary.findings,
      ...overlaps([...factors.read, ...vary.read]),
    ],
  };
}

function readFactors(
  kind: ReadFactor["kind"],
  section: Readonly<Record<string, unknown>>,
  file: Readonly<Record<string, unknown>>,
): Read<readonly ReadFactor[]> {
  const read: ReadFactor[] = [];
  const findings: Finding[] = [];
  for (const [path, values] of Object.entries(isRecord(section[kind]) ? section[kind] : {})) {
    const at = ["design", kind, path];
    const resolved = resolvePath(path, file);
    if ("finding" in resolved) findings.push({ path: at, ...resolved.finding });
    if (!Array.isArray(values) || values.length === 0) continue;
    const levels = readLevels(values);
    findings.push(...within(at, levels.findings));
    if ("finding" in resolved || levels.findings.length > 0) continue;
    const levelPaths = levels.paths.map((levelPath) => [...at, ...levelPath]);
    read.push({ kind, path, levels: levels.read, steps: resolved.steps, levelPaths });
  }
  return { read, findings };
}

function readLevels(
  values: readonly unknown[],
): Read<ReadFactor["levels"]> & Readonly<{ paths: readonly Path[] }> {
  const read: { label: string; value: Json }[] = [];
  const paths: Path[] = [];
  const findings: Finding[] = [];
  for (const [index, written] of values.entries()) {
    const labelled = typeof written === "object" && written !== null;
    const wrong = findingsOf(labelled ? labelledLevelSchema : jsonSchema, written);
    if (wrong.length > 0) {
      findings.push(...within([index], wrong));
      continue;
    }
    const { label, value } = labelled
      ? written as { label: unknown; value: Json }
      : { label: written, value: written };
    const text = label === null ? "none" : String(label);
    const finding = labelFinding(text, read.map((level) => level.label));
    if (finding !== null) findings.push({ path: labelled ? [index, "label"] : [index], message: finding });
    read.push({ label: text, value: value as Json });
    paths.push(labelled ? [index, "value"] : [index]);
  }
  return { read, paths, findings };
}

function labelFinding(label: string, others: readonly string[]): string | null {
  if (label.length > LABEL_LENGTH_MAX || /[\p{Cc}\u2028\u2029]/u.test(label) || label.trim() === "") {
    return `${quoted(label)} cannot be the label of a level: write { label: …, value: … } ` +
      `with a label of one line and at most ${LABEL_LENGTH_MAX} characters`;
  }
  return others.includes(label) ? `two levels have the label ${quoted(label)}` : null;
}

/** Refuses two factors if one contains the other, because their order would matter. */
function overlaps(factors: readonly ReadFactor[]): readonly Finding[] {
  return factors.flatMap((factor, at) => {
    const other = factors.slice(0, at).find(({ steps }) =>
      holds(steps, factor.steps) || holds(factor.steps, steps)
    );
    if (other === undefined) return [];
    const both = `${quoted(factor.path)} and ${quoted(other.path)}`;
    const message = `${both} overlap: only one factor can set a value`;
    return [{ path: ["design", factor.kind, factor.path], part: "key" as const, message }];
  });
}

export function holds(outer: Path, inner: Path): boolean {
  return outer.length <= inner.length && outer.every((step, depth) => String(step) === String(inner[depth]));
}

/** Keys that are the same in all discussions. */
const NOT_FACTORS: ReadonlySet<string> = new Set(["name", "seed", "design", "annotation", "analysis"]);

type ResolvedPath = Readonly<{ steps: Path }> | Readonly<{ finding: Omit<Finding, "path"> }>;

/**
 * Finds the value that a dotted path names. Names may contain dots. A list entry is named by its index, from 0, or by its
 * `name`.
 */
export function resolvePath(dottedPath: string, file: unknown): ResolvedPath {
  if (dottedPath === "") return { finding: { part: "key", message: "the path of a value is missing" } };
  const first = dottedPath.split(".")[0]!;
  if (NOT_FACTORS.has(first)) {
    const message = `${quoted(first)} is the same in all discussions: it cannot vary`;
    return { finding: { part: "key", message } };
  }
  const steps: (string | number)[] = [];
  let schema: z.ZodType | undefined = experimentSchema;
  let value: unknown = file;
  let rest = dottedPath;
  while (rest !== "") {
    const step: Step | null = nextStep(schema, value, rest);
    if (step === null) return { finding: nowhere(dottedPath, { steps, schema, value, rest }, file) };
    steps.push(step.key);
    schema = step.schema;
    value = Array.isArray(value) || isRecord(value)
      ? (value as Record<string, unknown>)[step.key]
      : undefined;
    rest = step.rest;
  }
  return { steps };
}

type Step = Readonly<{ key: string | number; schema: z.ZodType; rest: string }>;

function nextStep(schema: z.ZodType, value: unknown, rest: string): Step | null {
  const outer = bare(schema);
  const [name] = rest.split(".", 1) as [string];
  const after = (key: string) => rest.slice(key.length + 1);
  if (Array.isArray(value)) {
    const written = longestStart(value.map(nameOf), rest) ?? name;
    const key = written !== name || !/^\d+$/.test(name)
      ? value.findIndex((entry) => nameOf(entry) === written)
      : Number(name);
    const inner = childSchema(outer, key);
    return inner === undefined || !(key in value) ? null : { key, schema: inner, rest: after(written) };
  }
  if (outer instanceof z.ZodRecord || outer instanceof z.ZodUnknown) {
    // The file must define every name in a path: a path with an unknown model is a typing error.
    const fallback = outer instanceof z.ZodUnknown && isRecord(value) ? name : undefined;
    const key = longestStart(isRecord(value) ? Object.keys(value) : [], rest) ?? fallback;
    return key === undefined ? null : { key, schema: childSchema(outer, key)!, rest: after(key) };
  }
  const inner = childSchema(outer, name);
  if (inner === undefined || (value !== undefined && value !== null && !isRecord(value))) return null;
  return { key: name, schema: inner, rest: after(name) };
}

/** The longest name that a dotted path starts with. Names may contain dots. */
function longestStart(names: readonly unknown[], path: string): string | undefined {
  const fitting = names.filter((name): name is string =>
    typeof name === "string" && (path === name || path.startsWith(`${name}.`))
  );
  return fitting.sort((a, b) => b.length - a.length)[0];
}

function nameOf(entry: unknown): unknown {
  return isRecord(entry) ? entry.name ?? entry.username : undefined;
}

function nowhere(
  dottedPath: string,
  { steps, schema, value, rest }: Readonly<{ steps: Path; schema: z.ZodType; value: unknown; rest: string }>,
  file: unknown,
): Omit<Finding, "path"> {
  const at = steps.join(".");
  const outer = bare(schema);
  const isLeaf = !isRecord(value) && !Array.isArray(value) && !(outer instanceof z.ZodObject);
  if (isLeaf && at !== "") {
    const message =
      `${quoted(dottedPath)} is not the path of a value in this file: ${quoted(at)} is ${
        described(value)
      }, ` +
      "which has no keys";
    return { part: "key", message };
  }
  const message = `${quoted(dottedPath)} is not the path of a value in this file`;
  const candidates = allPaths(file);
  const suggestion = candidates.find((path) => path.endsWith(`.${dottedPath}`)) ??
    nearest(dottedPath, candidates);
  if (suggestion !== undefined) return { part: "key", message, suggestion };
  const keys = isRecord(value) ? Object.keys(value) : [];
  const there = outer instanceof z.ZodObject ? Object.keys(outer.shape) : keys;
  const [name] = rest.split(".", 1) as [string];
  const place = at === "" ? "this file" : quoted(at);
  return {
    part: "key",
    message: `${message}: ${place} has no ${quoted(name)}` +
      (there.length > 0 ? `, expected ${listed(there)}` : ""),
  };
}

function allPaths(file: unknown): readonly string[] {
  const paths = knownPaths(experimentSchema).filter((path) => !NOT_FACTORS.has(path.split(".")[0]!));
  for (const section of ["models", "moderators"]) {
    const named = isRecord(file) && isRecord(file[section]) ? file[section] : {};
    const inner = knownPaths(childSchema(childSchema(experimentSchema, section)!, "")!);
    for (const name of Object.keys(named)) {
      paths.push(`${section}.${name}`, ...inner.map((path) => `${section}.${name}.${path}`));
    }
  }
  return paths;
}

export function withValueAt(file: unknown, steps: Path, value: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (Array.isArray(file)) return file.with(Number(step), withValueAt(file[Number(step)], rest, value));
  const record = isRecord(file) ? file : {};
  return { ...record, [step]: withValueAt(record[step], rest, value) };
}
