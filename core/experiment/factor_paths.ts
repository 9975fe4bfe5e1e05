/** Dotted paths of values of an experiment file. */
import { isRecord } from "./document.ts";
import { described, type Finding, listed, nearest, type Path, quoted } from "./problems.ts";
import { experimentSchema } from "./schema.ts";
import { bare, childSchema, knownPaths } from "./schema_findings.ts";
import { z } from "../zod.ts";

export function holds(outer: Path, inner: Path): boolean {
  return outer.length <= inner.length && outer.every((step, depth) => String(step) === String(inner[depth]));
}

/** Keys that are the same in all discussions. */
const NOT_FACTORS: ReadonlySet<string> = new Set([
  "name",
  "seed",
  "design",
  "annotation",
  "analysis",
  "people",
]);

type ResolvedPath = Readonly<{ steps: Path }> | Readonly<{ finding: Omit<Finding, "path"> }>;

/**
 * Finds the value that a dotted path names. Names in the path can contain dots. An entry of a list is named
 * by its 0-based index or by its `name`.
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
    // The path must contain only names that the file defines. An unknown name, such as a model's, is a typing
    // error.
    const fallback = outer instanceof z.ZodUnknown && isRecord(value) ? name : undefined;
    const key = longestStart(isRecord(value) ? Object.keys(value) : [], rest) ?? fallback;
    return key === undefined ? null : { key, schema: childSchema(outer, key)!, rest: after(key) };
  }
  const inner = childSchema(outer, name);
  if (inner === undefined || (value !== undefined && value !== null && !isRecord(value))) return null;
  return { key: name, schema: inner, rest: after(name) };
}

/** The longest of the names that a dotted path starts with. Names can contain dots. */
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
