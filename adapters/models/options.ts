/** Options of models, checked by a schema. */
import type { z } from "zod";
import { described, listed, nearest } from "../../core/experiment/problems.ts";
import type { AdapterOptions, OptionProblem } from "../../core/ports/model_adapter.ts";

/**
 * Checks options by a schema whose error texts are the phrases that follow "expected".
 *
 * @param schema A strict object.
 * @param options What the experiment file says.
 * @returns Everything that is wrong; none when all is well.
 */
export function checkOptions(schema: z.ZodObject, options: AdapterOptions): readonly OptionProblem[] {
  const { error } = schema.safeParse(options);
  return error === undefined ? [] : error.issues.flatMap((issue) => problemsOf(issue, schema, options));
}

function problemsOf(issue: z.core.$ZodIssue, schema: z.ZodObject, options: AdapterOptions): OptionProblem[] {
  const path = issue.path as (string | number)[];
  if (issue.code === "unrecognized_keys") {
    // The schema of what lies deeper is not at hand; its error text says what it takes.
    const known = path.length === 0 ? Object.keys(schema.shape) : null;
    return issue.keys.map((key) => unknownKey([...path, key], known, issue.message));
  }
  const value = path.reduce<unknown>((parent, step) => (parent as Record<string, unknown>)?.[step], options);
  const expected = issue.message;
  if (value === undefined) {
    return [{ path, part: "value", message: `missing: expected ${expected}`, expected }];
  }
  const found = described(value);
  return [{ path, part: "value", message: `expected ${expected}, found ${found}`, expected, found }];
}

function unknownKey(
  path: (string | number)[],
  known: readonly string[] | null,
  shape: string,
): OptionProblem {
  const expected = known === null ? shape : listed(known, known.length);
  const suggestion = nearest(String(path.at(-1)), known ?? []);
  const problem = { path, part: "key", message: `unknown key: expected ${expected}`, expected } as const;
  return suggestion === undefined ? problem : { ...problem, suggestion };
}

/**
 * Reads options that have been checked, with their defaults filled in.
 *
 * @throws {TypeError} When they are wrong all the same, with everything that is wrong.
 */
export function readOptions<Schema extends z.ZodObject>(
  schema: Schema,
  options: AdapterOptions,
): z.output<Schema> {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  const problems = checkOptions(schema, options).map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new TypeError(`Cannot use the model's options: ${problems.join("; ")}`);
}
