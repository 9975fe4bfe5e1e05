/** Checks the options of models against a schema. */
import { z } from "zod";
import { described, listed, nearest } from "../../../core/experiment/problems.ts";
import type { AdapterOptions, OptionProblem } from "../../../core/ports/model_adapter.ts";

/**
 * Requests in flight, if the experiment does not say. Servers that batch (vLLM, TGI) take 256 sequences at a time by
 * default, and hosted ones limit requests by the minute; 64 keeps either busy and leaves room for others.
 */
const REQUESTS_IN_FLIGHT_DEFAULT = 64;

/** The most requests in flight. */
export const REQUESTS_IN_FLIGHT_MAX = 10_000;

const concurrencyError = `a whole number from 1 to ${REQUESTS_IN_FLIGHT_MAX}`;

/** The option `concurrency` of an adapter. */
export const concurrencySchema: z.ZodDefault<z.ZodInt> = z.int({ error: concurrencyError })
  .min(1, { error: concurrencyError }).max(REQUESTS_IN_FLIGHT_MAX, { error: concurrencyError })
  .default(REQUESTS_IN_FLIGHT_DEFAULT).describe("Requests in flight at once");

/**
 * Checks options.
 *
 * @param schema A strict object whose error texts are the phrases after "expected".
 * @returns Everything that is wrong.
 */
export function checkOptions(schema: z.ZodObject, options: AdapterOptions): readonly OptionProblem[] {
  const { error } = schema.safeParse(options);
  return error === undefined ? [] : error.issues.flatMap((issue) => problemsOf(issue, schema, options));
}

/**
 * Reads options that have been checked, and fills in the defaults.
 *
 * @throws {TypeError} If they are wrong after all, with everything that is wrong.
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

function problemsOf(issue: z.core.$ZodIssue, schema: z.ZodObject, options: AdapterOptions): OptionProblem[] {
  const path = issue.path as (string | number)[];
  if (issue.code === "unrecognized_keys") {
    // Only the top level's schema is known here; deeper levels describe themselves in their error text.
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
