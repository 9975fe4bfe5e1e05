/**
 * Building blocks for the schemas of all sections. An error text is the phrase that follows "expected". Editors and the
 * reference page show descriptions and examples.
 */
import { z } from "../zod.ts";
import { NAME_LENGTH_MAX, VISIBLE_LINE } from "../names.ts";
import { HISTORY_MAX } from "./limits.ts";
import { listed } from "./problems.ts";
import { BUILT_IN_SETS } from "../templates/mod.ts";

export const KEYS_AND_VALUES = { error: "keys and values" };

export type JsonSchema = Record<string, unknown>;

const FORMS: Map<unknown, () => readonly JsonSchema[]> = new Map();

/**
 * A schema for a value with several forms. It accepts any value: a separate function reads the value, because
 * the error of a union cannot name the problem.
 */
export function severalForms(description: string, forms: () => readonly JsonSchema[]): z.ZodUnknown {
  return withForms(z.unknown().describe(description), forms);
}

/** Adds the forms of a value to the JSON Schema, if the schema itself is broader. */
export function withForms<T extends z.ZodType>(schema: T, forms: () => readonly JsonSchema[]): T {
  FORMS.set(schema, forms);
  return schema;
}

export function text(description: string, error = "a text"): z.ZodString {
  return z.string({ error }).describe(description);
}

export function oneOf<const Words extends readonly string[]>(words: Words, description: string) {
  return z.enum(words, { error: listed(words) }).describe(description);
}

export function wholeNumber(min: number, max: number, description: string): z.ZodInt {
  const error = `a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error }).describe(description);
}

export function numberFrom(min: number, max: number, description: string): z.ZodNumber {
  const error = max === Infinity ? `a number of at least ${min}` : `a number from ${min} to ${max}`;
  const number = z.number({ error }).min(min, { error });
  return (max === Infinity ? number : number.max(max, { error })).describe(description);
}

export function commentsShown(description: string) {
  const error = { error: `a whole number from 0 to ${HISTORY_MAX}, or all` };
  return z.union([z.int(error).min(0, error).max(HISTORY_MAX, error), z.literal("all", error)], error)
    .describe(description);
}

export function modelNames(description: string) {
  const error = { error: "the name of a model, or a list of names" };
  return z.union([z.string(error), z.array(z.string(error), error).min(1, error)], error).describe(
    description,
  );
}

export function seed(description: string) {
  const error = { error: `a whole number, or a text of 1 to ${NAME_LENGTH_MAX} characters` };
  return z.union([z.int(error), z.string(error).min(1, error).max(NAME_LENGTH_MAX, error)], error)
    .describe(description);
}

/** A value that JSON can store. YAML also has infinite numbers, which JSON cannot store. */
export const jsonSchema: z.ZodType = z.unknown().refine(isJson, { error: "finite numbers" });

function isJson(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return typeof value !== "object" || value === null || Object.values(value).every(isJson);
}

export function visibleLine(description: string, what = "a name"): z.ZodString {
  const error = `${what}: one line of 1 to ${NAME_LENGTH_MAX} visible characters without spaces around it`;
  return z.string({ error }).max(NAME_LENGTH_MAX, { error }).regex(VISIBLE_LINE, { error }).describe(
    description,
  );
}

export function visibleText(description: string): z.ZodString {
  return z.string({ error: "a text" }).regex(/\S/, { error: "a text" }).describe(description);
}

const KEY_NAME = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_. -]*$/u;

export function keyName(description: string): z.ZodString {
  const error = `a name of letters, digits, spaces, "_", "-" and "."`;
  return z.string({ error }).max(NAME_LENGTH_MAX, { error }).regex(KEY_NAME, { error }).describe(description);
}

/** A schema as JSON Schema, with the forms that {@linkcode withForms} added. */
export function jsonOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...body } = z.toJSONSchema(schema, {
    io: "input",
    override({ zodSchema, jsonSchema }) {
      const forms = FORMS.get(zodSchema);
      if (forms === undefined) return;
      delete jsonSchema.type;
      jsonSchema.anyOf = [...forms()];
    },
  });
  return body;
}

export function listForms(items: JsonSchema): JsonSchema[] {
  return [{ type: "string", pattern: "\\.(json|ya?ml|csv)$" }, { type: "array", minItems: 1, items }];
}

/** The name of a built-in template set, or the path of a file with a template set. */
export function templateSetName(description: string): z.ZodString {
  const error = "the name of a template set, or the path of your own (.yaml)";
  const names = [...new Set(BUILT_IN_SETS.map(({ name }) => name))].join(", ");
  return z.string({ error }).min(1, { error })
    .describe(`${description}: ${names}, or the path of your own template set (.yaml)`)
    .meta({ examples: ["german.yaml"] });
}
