/** Turns the errors of a schema into findings, and lists the keys of a schema. */
import { z } from "../zod.ts";
import { type Finding, mismatch, nearest, type Path, suggesting } from "./problems.ts";

type Checked<T> = Readonly<{ data: T; findings: readonly [] } | { findings: readonly Finding[] }>;

/**
 * Checks a value against a schema. The schema's error texts are phrases that can follow "expected". For an
 * unknown key, a similar key of `whole` is suggested. `whole` can have more keys than the schema.
 */
export function checked<T extends z.ZodType>(
  schema: T,
  value: unknown,
  whole: z.ZodType = schema,
): Checked<z.infer<T>> {
  const result = schema.safeParse(value);
  if (result.success) return { data: result.data, findings: [] };
  const findings = new Map<string, Finding>();
  for (const issue of result.error.issues) {
    for (const finding of ofIssue(issue, whole, value)) {
      // A number can be wrong in two ways with the same message. It is reported only once.
      const key = JSON.stringify([finding.path, finding.message]);
      if (!findings.has(key)) findings.set(key, finding);
    }
  }
  return { findings: [...findings.values()] };
}

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
    case "invalid_union": {
      const inner = issue.errors.find((issues) => issues.every(isOfKind)) ?? [];
      if (inner.length === 0) return [mismatch(path, issue.message, valueAt(value, path))];
      return inner.flatMap((one) => ofIssue({ ...one, path: [...issue.path, ...one.path] }, schema, value));
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
 * Whether an issue is a mistake inside a form of a union. Other issues mean that the value does not have this
 * form.
 */
function isOfKind({ code, path }: z.core.$ZodIssue): boolean {
  return path.length > 0 || code !== "invalid_type" && code !== "invalid_value";
}

/**
 * The finding for an unknown key. `elsewhere`: the dotted paths of keys in other sections, as suggestions.
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

export function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string | number, unknown>)[step];
  }
  return at;
}

/** A schema without its wrappers, such as `optional`. */
export function bare(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (
    inner instanceof z.ZodOptional || inner instanceof z.ZodNonOptional || inner instanceof z.ZodDefault ||
    inner instanceof z.ZodNullable
  ) inner = inner.unwrap() as z.ZodType;
  return inner;
}

/** The schema of the value under a key or index; `undefined` if the schema allows no value there. */
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

function knownKeys(schema: z.ZodType, path: Path = []): readonly string[] {
  let at: z.ZodType | undefined = schema;
  for (const step of path) at = at && childSchema(at, step);
  const outer = at && bare(at);
  return outer instanceof z.ZodObject ? Object.keys(outer.shape) : [];
}

/** The dotted paths of a schema's keys. Paths with names that only the file defines are left out. */
export function knownPaths(schema: z.ZodType): readonly string[] {
  return knownKeys(schema).flatMap((key) => {
    const inner = knownPaths(childSchema(schema, key)!);
    return [key, ...inner.map((path) => `${key}.${path}`)];
  });
}
