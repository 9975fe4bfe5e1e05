import { z } from "zod";
import { type Finding, mismatch, nearest, type Path, suggesting } from "./problems.ts";

/** What a schema finds wrong, in words. */

/** What a schema made of a value: its data, or everything that is wrong with it. */
export type Checked<T> = Readonly<{ data: T; findings: readonly [] } | { findings: readonly Finding[] }>;

/**
 * Checks a value against a schema whose error texts are what it expects.
 *
 * @param schema The schema.
 * @param value Anything.
 * @returns The data with defaults filled in, or what is wrong, with paths from the value on.
 */
export function checked<T extends z.ZodType>(schema: T, value: unknown): Checked<z.infer<T>> {
  const result = schema.safeParse(value);
  if (result.success) return { data: result.data, findings: [] };
  const findings = new Map<string, Finding>();
  for (const issue of result.error.issues) {
    for (const finding of ofIssue(issue, schema, value)) {
      // A number that is wrong in two ways is told once.
      const key = JSON.stringify([finding.path, finding.message]);
      if (!findings.has(key)) findings.set(key, finding);
    }
  }
  return { findings: [...findings.values()] };
}

/** What a schema finds wrong with a value; none when all is well. */
export function findingsOf(schema: z.ZodType, value: unknown): readonly Finding[] {
  return checked(schema, value).findings;
}

function ofIssue(issue: z.core.$ZodIssue, schema: z.ZodType, value: unknown): readonly Finding[] {
  const path = issue.path.map((step) => typeof step === "symbol" ? String(step) : step);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey([...path, key], knownKeys(schema, path), knownPaths(schema)));
    case "invalid_key": {
      const expected = issue.issues[0]?.message ?? "another name";
      return [{ ...mismatch(path, expected, path.at(-1)), part: "key" }];
    }
    case "invalid_value": {
      const found = valueAt(value, path);
      const finding = mismatch(path, issue.message, found);
      return [typeof found === "string" ? suggesting(finding, found, issue.values.map(String)) : finding];
    }
    default:
      return [mismatch(path, issue.message, valueAt(value, path))];
  }
}

/**
 * The finding that nobody knows a key.
 *
 * @param path The key's path.
 * @param keys What can stand beside it.
 * @param elsewhere Dotted paths of keys that can stand in other parts of the file.
 */
export function unknownKey(path: Path, keys: readonly string[], elsewhere: readonly string[] = []): Finding {
  const key = String(path.at(-1));
  const moved = elsewhere.find((other) => other.endsWith(`.${key}`));
  const suggestion = nearest(key, keys) ?? moved;
  const expected = keys.length === 0 ? "no keys here" : `one of ${keys.join(", ")}`;
  const finding: Finding = { path, part: "key", message: "unknown key", expected };
  return suggestion === undefined
    ? { ...finding, message: `unknown key: expected ${expected}` }
    : { ...finding, suggestion };
}

/** What stands at a path; `undefined` when nothing does. */
export function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string | number, unknown>)[step];
  }
  return at;
}

/** Which keys a schema knows at a path. */

/** A schema without what makes it optional. */
export function bare(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (
    inner instanceof z.ZodOptional || inner instanceof z.ZodNonOptional || inner instanceof z.ZodDefault ||
    inner instanceof z.ZodNullable
  ) inner = inner.unwrap() as z.ZodType;
  return inner;
}

/**
 * The schema of what stands under a key or index.
 *
 * @param schema The schema of the mapping or list.
 * @param step The key or index.
 * @returns `undefined` when nothing can stand there.
 */
export function childSchema(schema: z.ZodType, step: string | number): z.ZodType | undefined {
  const outer = bare(schema);
  if (outer instanceof z.ZodRecord) return outer.valueType as z.ZodType;
  if (outer instanceof z.ZodArray) return outer.element as z.ZodType;
  if (outer instanceof z.ZodUnknown) return outer;
  if (!(outer instanceof z.ZodObject)) return undefined;
  const key = String(step);
  if (Object.hasOwn(outer.shape, key)) return outer.shape[key];
  const rest = outer.def.catchall;
  return rest instanceof z.ZodNever ? undefined : rest as z.ZodType | undefined;
}

/** The keys that a schema names at a path. */
export function knownKeys(schema: z.ZodType, path: Path = []): readonly string[] {
  let at: z.ZodType | undefined = schema;
  for (const step of path) at = at && childSchema(at, step);
  const outer = at && bare(at);
  return outer instanceof z.ZodObject ? Object.keys(outer.shape) : [];
}

/** The dotted paths of all values that a schema names, as far as they do not depend on names in the file. */
export function knownPaths(schema: z.ZodType): readonly string[] {
  return knownKeys(schema).flatMap((key) => {
    const inner = knownPaths(childSchema(schema, key)!);
    return [key, ...inner.map((path) => `${key}.${path}`)];
  });
}
