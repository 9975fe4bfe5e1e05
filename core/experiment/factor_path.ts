/** Dotted paths of an experiment file, and values put at them. */
import { z } from "zod";
import { isRecord } from "./document.ts";
import { described, type Finding, listed, nearest, type Path, quoted } from "./problems.ts";
import { experimentSchema } from "./schema.ts";
import { bare, childSchema, knownPaths } from "./schema_walk.ts";

/** What says how many discussions there are cannot differ between them. */
const NOT_FACTORS: ReadonlySet<string> = new Set(["name", "seed", "design", "annotation", "analysis"]);

/** Where a dotted path leads, or why it leads nowhere. */
export type ResolvedPath = Readonly<{ steps: Path }> | Readonly<{ finding: Omit<Finding, "path"> }>;

/**
 * Finds the value that a dotted path names. Names that hold dots themselves are found as they are; the entries of a
 * list are named by their 0-based place or by their `name`.
 *
 * @param dottedPath As the file writes it, such as `participants.roles.troll.probability`.
 * @param file The content of the file.
 */
export function resolvePath(dottedPath: string, file: unknown): ResolvedPath {
  if (dottedPath === "") return { finding: { part: "key", message: "the path of a value is missing" } };
  const first = dottedPath.split(".")[0]!;
  if (NOT_FACTORS.has(first)) {
    return {
      finding: { part: "key", message: `${quoted(first)} is the same in all discussions: it cannot vary` },
    };
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
    // Only what is there can be named: a level for a model that nobody defines is a slip of the pen.
    const fallback = outer instanceof z.ZodUnknown && isRecord(value) ? name : undefined;
    const key = longestStart(isRecord(value) ? Object.keys(value) : [], rest) ?? fallback;
    return key === undefined ? null : { key, schema: childSchema(outer, key)!, rest: after(key) };
  }
  const inner = childSchema(outer, name);
  if (inner === undefined || (value !== undefined && value !== null && !isRecord(value))) return null;
  return { key: name, schema: inner, rest: after(name) };
}

/** Of the names that a dotted path can start with, the longest: names may hold dots themselves. */
function longestStart(names: readonly unknown[], path: string): string | undefined {
  const fitting = names.filter((name): name is string =>
    typeof name === "string" && (path === name || path.startsWith(`${name}.`))
  );
  return fitting.sort((a, b) => b.length - a.length)[0];
}

function nameOf(entry: unknown): unknown {
  return isRecord(entry) ? entry.name ?? entry.username : undefined;
}

type Stop = Readonly<{ steps: Path; schema: z.ZodType; value: unknown; rest: string }>;

function nowhere(dottedPath: string, stop: Stop, file: unknown): Omit<Finding, "path"> {
  const { steps, schema, value, rest } = stop;
  const at = steps.join(".");
  const outer = bare(schema);
  const isLeaf = !isRecord(value) && !Array.isArray(value) && !(outer instanceof z.ZodObject);
  if (isLeaf && at !== "") {
    const message =
      `no value of this file stands at ${quoted(dottedPath)}: ${quoted(at)} is ${described(value)}, ` +
      "which has no keys";
    return { part: "key", message };
  }
  const message = `no value of this file can stand at ${quoted(dottedPath)}`;
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
      (there.length > 0 ? `, but ${listed(there)}` : ""),
  };
}

/** The schema's own paths, with the names that the file gives to models and moderators. */
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

/**
 * A file with a value put at a path; what is not on the path is shared with the original.
 *
 * @param file The content.
 * @param steps Where.
 * @param value What.
 */
export function withValueAt(file: unknown, steps: Path, value: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (Array.isArray(file)) return file.with(Number(step), withValueAt(file[Number(step)], rest, value));
  const record = isRecord(file) ? file : {};
  return { ...record, [step]: withValueAt(record[step], rest, value) };
}
