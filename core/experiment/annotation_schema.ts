/** The shape of an annotation: the section of an experiment file, or a file of its own. */
import { z } from "zod";
import { PASS_NAME, PASS_NAME_ERROR } from "../annotation/pass_name.ts";
import { HISTORY_MAX, NAME_LENGTH_MAX } from "./limits.ts";
import { experimentSchema, speakerName, text, VISIBLE_LINE, wholeNumber } from "./schema.ts";

/** Most annotators of one pass. */
export const ANNOTATORS_MAX = 1000;

/** Most scales of one codebook. */
export const SCALES_MAX = 50;

/** How often an annotator can be asked again at most. */
export const ANNOTATION_RETRIES_MAX = 20;

/** Most labels of a nominal scale. */
const LABELS_MAX = 1000;

/** Longest answer to a text scale, in characters. */
const ANSWER_LENGTH_MAX = 10_000;

/** What annotators are told where the file says nothing else. */
export const DEFAULT_ANNOTATOR_INSTRUCTIONS = "You rate comments of online discussions.";

/** What a pass is called where the file says nothing else. */
export const DEFAULT_PASS = "annotation";

const KEYS_AND_VALUES = "keys and values";
const modelNames = { error: "the name of a model, or a list of them" };

/** A group of annotators. */
export const annotatorsSchema = z.strictObject({
  model: z.union([
    z.string(modelNames),
    z.array(z.string(modelNames), modelNames).min(1, modelNames),
  ], modelNames).describe("The name of a model; with a list, every persona judges once by each"),
  name: speakerName("The annotator's name, where there are no personas; the model's when left out")
    .optional(),
  personas: z.unknown().optional().describe("A file (.json, .yaml, .csv), or a list of personas"),
  count: wholeNumber(
    1,
    ANNOTATORS_MAX,
    "How many of the personas judge, drawn once for all; all when left out",
  )
    .optional(),
  instructions: text("What annotators are told").default(DEFAULT_ANNOTATOR_INSTRUCTIONS),
}, { error: KEYS_AND_VALUES }).describe("Annotators: models, and personas where you like");

const whose = { error: "all, participants or moderators" };
const ofSchema = z.enum(["all", "participants", "moderators"], whose);

/** Which comments are judged, in its long form. */
export const targetsSchema = z.strictObject({
  of: ofSchema.default("all").describe("Whose comments; openings are among all alone"),
  perDiscussion: wholeNumber(1, 1_000_000, "How many of them in each discussion, drawn at random").optional(),
}, { error: "all, participants, moderators, or { of, perDiscussion }" });

const scaleBase = {
  question: text("What is asked about the comment", "a question").min(1, { error: "a question" }),
  grammar: z.enum(["exact", "mention"], { error: "exact or mention" }).optional().describe(
    "How replies are read: exact takes nothing but an answer, mention a reply with exactly one valid answer in it",
  ),
};
const numbers = { error: "a number" };
const whole = { error: "a whole number" };
const labelsError = { error: "a list of at least two labels" };
const labelError = {
  error: `a label: one line of 1 to ${NAME_LENGTH_MAX} visible characters without spaces around it`,
};
const label = z.string(labelError).max(NAME_LENGTH_MAX, labelError).regex(VISIBLE_LINE, labelError);
/** Each number in one spelling only. */
const NUMBER_KEY = /^(?:0|-?[1-9]\d*)$/;

/** Each type of scale. */
export const SCALE_SCHEMAS = {
  ordinal: z.strictObject({
    type: z.literal("ordinal"),
    ...scaleBase,
    min: z.int(whole),
    max: z.int(whole),
    labels: z.record(z.string().regex(NUMBER_KEY, whole), label, {
      error: "what its numbers mean, such as { 1: mild, 5: severe }",
    })
      .optional()
      .describe("What the numbers mean"),
  }, { error: KEYS_AND_VALUES }),
  interval: z.strictObject({
    type: z.literal("interval"),
    ...scaleBase,
    min: z.number(numbers),
    max: z.number(numbers),
  }, { error: KEYS_AND_VALUES }),
  nominal: z.strictObject({
    type: z.literal("nominal"),
    ...scaleBase,
    labels: z.array(label, labelsError).min(2, labelsError).max(LABELS_MAX, {
      error: `at most ${LABELS_MAX} labels`,
    }),
  }, { error: KEYS_AND_VALUES }),
  boolean: z.strictObject({ type: z.literal("boolean"), ...scaleBase }, { error: KEYS_AND_VALUES }),
  text: z.strictObject({
    type: z.literal("text"),
    ...scaleBase,
    maxLength: wholeNumber(1, ANSWER_LENGTH_MAX, "Longest answer, in characters").default(500),
  }, { error: KEYS_AND_VALUES }),
} as const;

const SCALE_NAME_ERROR =
  'a name of at most 64 letters, digits, spaces, "-" and "_" that begins with a letter';
const scaleName = z.string().regex(/^\p{L}[\p{L}\p{M}\p{N}_ -]{0,63}$/u, { error: SCALE_NAME_ERROR });
const shown = { error: `a whole number from 0 to ${HISTORY_MAX}, or all` };

/** An annotation, in an experiment file or in one of its own. */
export const annotationSchema = z.strictObject({
  pass: text("Names this pass: a discussion has each pass once", PASS_NAME_ERROR)
    .regex(PASS_NAME, { error: PASS_NAME_ERROR }).default(DEFAULT_PASS),
  annotators: z.unknown().optional().describe("Who judges: a group of annotators, or a list of groups"),
  history: z.union([z.int(shown).min(0, shown).max(HISTORY_MAX, shown), z.literal("all", shown)], shown)
    .default(2).describe("How many comments before the judged one are shown"),
  targets: z.unknown().optional().describe("Which comments are judged; all when left out"),
  requests: z.enum(["together", "separate"], { error: "together or separate" }).default("separate")
    .describe("Whether one request asks for all scales, or each is asked for alone"),
  retries: wholeNumber(
    0,
    ANNOTATION_RETRIES_MAX,
    "How often an annotator is asked again whose reply holds no valid answer",
  ).default(2),
  codebook: text("Your word for this version of the scales", "a short text").min(1).max(NAME_LENGTH_MAX)
    .optional(),
  scales: z.record(scaleName, z.unknown(), { error: "names and their scales" }).refine(
    (scales) => Object.keys(scales).length >= 1 && Object.keys(scales).length <= SCALES_MAX,
    { error: `1 to ${SCALES_MAX} scales` },
  ).describe("What is asked about each comment"),
}, { error: KEYS_AND_VALUES });

/** What an annotation file holds besides its section. */
export const annotationFileSchema = z.object({
  seed: z.union([z.int(), z.string().min(1).max(NAME_LENGTH_MAX)], {
    error: `a whole number, or a text of 1 to ${NAME_LENGTH_MAX} characters`,
  }).optional().describe("Everything random follows from it; the run's own when left out"),
  models: experimentSchema.shape.models,
});
