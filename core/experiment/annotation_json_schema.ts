/** The JSON Schema of the section `annotation`, for editors. */
import { z } from "zod";
import { annotationSchema, annotatorsSchema, SCALE_SCHEMAS, targetsSchema } from "./annotation_schema.ts";

type JsonSchema = Record<string, unknown>;

/**
 * The section's schema. What the validator reads by hand, since it can be written in several forms, is spelt out here.
 *
 * @param personas The forms of a list of personas.
 */
export function annotationJsonSchema(personas: readonly JsonSchema[]): JsonSchema {
  const { shape } = annotationSchema;
  const group = bodyOf(annotatorsSchema, new Map([[annotatorsSchema.shape.personas, { anyOf: personas }]]));
  const { of } = targetsSchema.shape;
  const forms = new Map<unknown, JsonSchema>([
    [shape.annotators, { anyOf: [group, { type: "array", minItems: 1, items: group }] }],
    [shape.targets, { anyOf: [{ enum: of.unwrap().options }, bodyOf(targetsSchema)] }],
    [shape.scales.valueType, { anyOf: Object.values(SCALE_SCHEMAS).map((scale) => bodyOf(scale)) }],
  ]);
  const { required = [], ...body } = bodyOf(annotationSchema, forms);
  return { ...body, required: ["annotators", ...required as string[]] };
}

function bodyOf(schema: z.ZodType, forms: ReadonlyMap<unknown, JsonSchema> = new Map()): JsonSchema {
  const { $schema: _, ...body } = z.toJSONSchema(schema, {
    io: "input",
    override: ({ zodSchema, jsonSchema }) => Object.assign(jsonSchema, forms.get(zodSchema)),
  });
  return body;
}
