/** The schema of the section `annotation`, which can also be a separate file. */
import { z } from "../zod.ts";
import { SCALE_TYPES } from "../annotation/scales/mod.ts";
import { NAME_LENGTH_MAX, PASS_NAME, PASS_NAME_ERROR } from "../names.ts";
import { DEFAULT_TEXTS } from "./default_texts.ts";
import { modelsSchema } from "./models.ts";
import { personaForms } from "./personas.ts";
import {
  commentsShown,
  jsonOf,
  type JsonSchema,
  KEYS_AND_VALUES,
  modelNames,
  oneOf,
  seed,
  severalForms,
  templateSetName,
  text,
  visibleLine,
  wholeNumber,
} from "./schema_parts.ts";

export const ANNOTATORS_MAX = 1000;

const SCALES_MAX = 50;
const RETRIES_MAX = 20;

export const annotatorsSchema = z.strictObject({
  model: modelNames(
    "The name of a model, or a list. With a list, every persona annotates once with each model",
  ),
  name: visibleLine("The annotator's name, if there are no personas. The model's name when left out")
    .optional(),
  personas: severalForms("The annotators' personas: a file (.json, .yaml, .csv), or a list", personaForms)
    .optional(),
  count: wholeNumber(
    1,
    ANNOTATORS_MAX,
    "How many of the personas annotate. They are drawn once. All of them when left out",
  ).optional(),
  instructions: text("The annotators' instructions").default(
    DEFAULT_TEXTS["annotation.annotators.instructions"],
  ),
}, KEYS_AND_VALUES).describe("A group of annotators: models, optionally with personas");

/** Which comments are annotated, in the long form. */
export const targetsSchema = z.strictObject({
  of: oneOf(
    ["all", "participants", "moderators"],
    "Whose comments are annotated. Only all includes openings and scripted interventions",
  ).default(
    "all",
  ),
  perDiscussion: wholeNumber(
    1,
    1_000_000,
    "How many comments are annotated in each discussion, drawn at random. All of them when left out",
  ).optional(),
}, { error: "all, participants, moderators, or { of, perDiscussion }" });

const scaleBase = {
  question: text("The question about the comment", "a question").min(1, { error: "a question" }),
  grammar: oneOf(
    ["exact", "mention"],
    "exact: a reply must be an answer and contain no other words. mention: a reply must contain exactly one valid answer. " +
      "mention when left out",
  ).optional(),
};
export const SCALE_SCHEMAS: Readonly<Record<string, z.ZodObject>> = Object.fromEntries(
  SCALE_TYPES.map(({ type, options }) => [
    type,
    z.strictObject({
      type: z.literal(type).describe("The type of the scale"),
      ...scaleBase,
      ...options,
    }, KEYS_AND_VALUES),
  ]),
);

const SCALE_NAME_ERROR =
  'a name of at most 64 letters, digits, spaces, "-" and "_" that begins with a letter';
const scaleName = z.string().regex(/^\p{L}[\p{L}\p{M}\p{N}_ -]{0,63}$/u, { error: SCALE_NAME_ERROR });

export const annotationSchema = z.strictObject({
  pass: text("The name of this annotation pass. A discussion has each pass once", PASS_NAME_ERROR)
    .regex(PASS_NAME, { error: PASS_NAME_ERROR }).default("annotation"),
  annotators: severalForms("Who annotates: a group of annotators, or a list of groups", annotatorForms)
    .nonoptional({ error: "annotators: keys and values, or a list of groups" })
    .meta({ examples: [{ model: "qwen", personas: "annotators.json" }] }),
  templates: templateSetName("The words of the prompts to annotators").optional(),
  history: commentsShown("How many comments before the annotated comment are shown").default(2),
  targets: severalForms(
    "Which comments are annotated: all, participants, moderators, or { of, perDiscussion }. All of them when left out",
    targetForms,
  ).optional().meta({ examples: [{ of: "participants", perDiscussion: 5 }] }),
  requests: oneOf(
    ["together", "separate"],
    "separate: one request for each scale, so that no answer influences another. together: one request for all scales, " +
      "answered as a JSON object",
  ).default("separate"),
  retries: wholeNumber(
    0,
    RETRIES_MAX,
    "How often an annotator is asked again after a reply without a valid answer",
  ).default(2),
  codebook: text(
    "Your name for this version of the scales. When left out, the beginning of their hash",
    "a short text",
  ).min(1).max(NAME_LENGTH_MAX).optional(),
  scales: z.record(scaleName, severalForms("A scale", scaleForms), { error: "names and their scales" })
    .refine(
      (scales) => Object.keys(scales).length >= 1 && Object.keys(scales).length <= SCALES_MAX,
      { error: `1 to ${SCALES_MAX} scales` },
    ).describe("The scales by name, each with its question about a comment")
    .meta({ examples: [{ toxicity: { type: "ordinal", min: 1, max: 5, question: "How toxic?" } }] }),
}, KEYS_AND_VALUES).describe("How comments are annotated after their discussion has ended");

export const annotationFileSchema = z.object({
  seed: seed("The seed of all random draws. The run's seed when left out").optional(),
  models: modelsSchema,
});

function annotatorForms(): JsonSchema[] {
  return [jsonOf(annotatorsSchema), { type: "array", minItems: 1, items: jsonOf(annotatorsSchema) }];
}

function targetForms(): JsonSchema[] {
  return [{ enum: targetsSchema.shape.of.unwrap().options }, jsonOf(targetsSchema)];
}

function scaleForms(): JsonSchema[] {
  return Object.values(SCALE_SCHEMAS).map(jsonOf);
}
