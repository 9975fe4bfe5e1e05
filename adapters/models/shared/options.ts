/** Options that several adapters have, and the check of options against a schema. */
import { z } from "../../../core/zod.ts";
import { described, listed, nearest } from "../../../core/experiment/problems.ts";
import type { AdapterOptions, OptionProblem } from "../../../core/ports/model.ts";

/**
 * The default number of requests in flight. Servers that batch requests, such as vLLM, answer 256 or more at a time by
 * default, and hosted servers limit the requests per minute. 64 keeps both busy and leaves room for other users.
 */
const REQUESTS_IN_FLIGHT_DEFAULT = 64;

export const REQUESTS_IN_FLIGHT_MAX = 10_000;

const TIMEOUT_SECONDS_MAX = 7_200;

export function whole(min: number, max: number): z.ZodInt {
  const error = `a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

export function above0(max: number, error: string): z.ZodNumber {
  return z.number({ error }).gt(0, { error }).max(max, { error });
}

const probabilityError = "a probability from 0 to 1";

export const probability: z.ZodNumber = z.number({ error: probabilityError })
  .min(0, { error: probabilityError }).max(1, { error: probabilityError });

export const timeoutSeconds: z.ZodNumber = above0(
  TIMEOUT_SECONDS_MAX,
  `a number of seconds above 0 and up to ${TIMEOUT_SECONDS_MAX}`,
);

export const concurrencySchema: z.ZodDefault<z.ZodInt> = whole(1, REQUESTS_IN_FLIGHT_MAX)
  .default(REQUESTS_IN_FLIGHT_DEFAULT).describe("Requests in flight at once");

/**
 * Lists all problems of the options. The schema must be a strict object whose error texts fit after the word
 * "expected".
 */
export function checkOptions(schema: z.ZodObject, options: AdapterOptions): readonly OptionProblem[] {
  const { error } = schema.safeParse(options);
  return error === undefined ? [] : error.issues.flatMap((issue) => problemsOf(issue, schema, options));
}

/** Reads options and fills in the defaults. Throws a `TypeError` if `checkOptions` would find a problem. */
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
    // This function knows the keys of the top level only; the error texts of deeper levels list their own keys.
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
