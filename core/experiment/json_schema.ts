/** The experiment file's JSON Schema, for editors. */
import { z } from "zod";
import type { OptionsSchema } from "../events/mod.ts";
import { moderationSchedules } from "../moderation/mod.ts";
import { turnTakingStrategies } from "../turn_taking/mod.ts";
import { DISCUSSION_METRICS } from "./analysis_design.ts";
import { analysisSchema, outcomeSchema } from "./analysis_schema.ts";
import { annotationJsonSchema } from "./annotation_json_schema.ts";
import { designSchema, experimentSchema, openingCommentSchema, personaSchema } from "./schema.ts";

const { participants, discussion } = experimentSchema.shape;
const moderator = experimentSchema.shape.moderators.unwrap().valueType;

/** Keys of several forms that must be there all the same. */
const NEEDED = new Map<unknown, string>([[participants, "personas"], [moderator, "schedule"]]);

type JsonSchema = Record<string, unknown>;

/** What can be written in several forms: the validator reads it by hand, editors are told here. */
function personasForms(): JsonSchema[] {
  return [{ type: "string", pattern: "\\.(json|ya?ml|csv)$" }, {
    type: "array",
    minItems: 1,
    items: personaForm(),
  }];
}

function personaForm(): JsonSchema {
  const { name, ...others } = z.toJSONSchema(personaSchema, { io: "input" }).properties as JsonSchema;
  return {
    type: "object",
    properties: { name, username: name, ...others },
    anyOf: [{ required: ["name"] }, { required: ["username"] }],
  };
}

function openingsForms(): JsonSchema[] {
  const comment = { anyOf: [{ type: "string" }, bodyOf(openingCommentSchema)] };
  const opening = { anyOf: [...comment.anyOf, { type: "array", minItems: 1, items: comment }] };
  return [{ type: "string", pattern: "\\.(json|ya?ml|csv)$" }, {
    type: "array",
    minItems: 1,
    items: opening,
  }];
}

type Rules = ReadonlyMap<string, Readonly<{ options?: OptionsSchema }>>;

function ruleForms(nameKey: string, rules: Rules): JsonSchema[] {
  const named = [...rules].map(([name, { options = z.object({}) }]) => {
    const { properties, required, ...rest } = bodyOf(options as z.ZodObject);
    return {
      ...rest,
      properties: { [nameKey]: { const: name }, ...properties as JsonSchema },
      required: [nameKey, ...(required as string[] | undefined) ?? []],
    };
  });
  const own = { type: "string", pattern: "[/\\\\]|\\.(ts|js|mjs)$", description: "The path of your own" };
  const ownWithOptions = { type: "object", properties: { [nameKey]: own }, required: [nameKey] };
  return [{ enum: [...rules.keys()] }, own, ...named, ownWithOptions];
}

/** Schedules with options can also be written with their name as the only key. */
function scheduleForms(): JsonSchema[] {
  const schedules = moderationSchedules();
  const short = [...schedules].flatMap(([name, { options }]) => {
    const [option, ...further] = Object.keys(options?.shape ?? {});
    if (option === undefined) return [];
    const body = bodyOf(options as z.ZodObject);
    const content = further.length === 0 ? (body.properties as JsonSchema)[option] : body;
    return [{
      type: "object",
      properties: { [name]: content },
      required: [name],
      additionalProperties: false,
    }];
  });
  return [...ruleForms("schedule", schedules), ...short];
}

/** Scales are called as one likes: the others can be completed. */
function analysisForm(): JsonSchema {
  const { $schema: _, ...body } = z.toJSONSchema(analysisSchema, {
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema !== outcomeSchema) return;
      delete jsonSchema.type;
      jsonSchema.anyOf = [{ enum: [...DISCUSSION_METRICS] }, { type: "string" }];
    },
  });
  return body;
}

function bodyOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...body } = z.toJSONSchema(schema, { io: "input" });
  return body;
}

/**
 * The JSON Schema of experiment files, which gives completion and descriptions in editors.
 *
 * It describes the shape alone: what must fit together (names, counts, factor paths) is checked by `parseExperiment`.
 *
 * @returns A schema of draft 2020-12.
 *
 * @example
 * ```ts
 * import { experimentJsonSchema } from "./json_schema.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(experimentJsonSchema().type, "object");
 * ```
 */
export function experimentJsonSchema(): Readonly<Record<string, unknown>> {
  const forms = new Map<unknown, JsonSchema[]>([
    [participants.shape.personas, personasForms()],
    [experimentSchema.shape.openings, openingsForms()],
    [discussion.shape.turnTaking, ruleForms("strategy", turnTakingStrategies())],
    [moderator.shape.schedule, scheduleForms()],
    [experimentSchema.shape.design, [bodyOf(designSchema)]],
    [experimentSchema.shape.annotation, [annotationJsonSchema(personasForms())]],
    [experimentSchema.shape.analysis, [analysisForm()]],
  ]);
  const schema = z.toJSONSchema(experimentSchema, {
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      const anyOf = forms.get(zodSchema);
      if (anyOf !== undefined) Object.assign(jsonSchema, anyOf.length === 1 ? anyOf[0] : { anyOf });
      const needed = NEEDED.get(zodSchema);
      if (needed !== undefined) jsonSchema.required = [...jsonSchema.required ?? [], needed];
    },
  });
  return { title: "A SynDisco experiment", ...schema };
}
