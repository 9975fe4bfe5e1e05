/**
 * The shape of an experiment file.
 *
 * The error text of every schema is the phrase that follows "expected". What can be written in several forms is
 * `unknown` here and read by a function of its own, since the message of a union cannot say what is wrong in it.
 */
import { z } from "zod";
import {
  HISTORY_MAX,
  LABEL_LENGTH_MAX,
  NAME_LENGTH_MAX,
  PARTICIPANTS_MAX,
  REPLICATIONS_MAX,
  STOPS_MAX,
  TURNS_MAX,
} from "./limits.ts";
import { limitsSchema, pricesSchema } from "./service_schema.ts";

const KEYS_AND_VALUES = "keys and values";

/** A text. */
export function text(description: string, error = "a text"): z.ZodString {
  return z.string({ error }).describe(description);
}

/** A whole number between two bounds, which belong to it. */
export function wholeNumber(min: number, max: number, description: string): z.ZodInt {
  const error = `a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error }).describe(description);
}

function numberFrom(min: number, max: number, description: string): z.ZodNumber {
  const error = max === Infinity ? `a number of at least ${min}` : `a number from ${min} to ${max}`;
  const number = z.number({ error }).min(min, { error });
  return (max === Infinity ? number : number.max(max, { error })).describe(description);
}

/** A value that JSON can hold. */
export const jsonSchema: z.ZodType = z.unknown().refine(isJson, { error: "numbers that are finite" });

/** YAML has everything that JSON has, and infinite numbers besides. */
function isJson(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return typeof value !== "object" || value === null || Object.values(value).every(isJson);
}

/**
 * Names stand in transcripts as `Name: text`, so they are one line of something visible. The joiners are invisible but
 * belong to the spelling of Persian and Indic names, and to emoji.
 */
export const VISIBLE_LINE = /^[^\s\p{C}](?:(?:[^\p{C}\u2028\u2029]|[\u200C\u200D])*[^\s\p{C}])?$/u;

/** A name of a speaker. */
export function speakerName(description: string): z.ZodString {
  const error = `a name: one line of 1 to ${NAME_LENGTH_MAX} visible characters without spaces around it`;
  return z.string({ error }).max(NAME_LENGTH_MAX, { error }).regex(VISIBLE_LINE, { error }).describe(
    description,
  );
}

/** What a persona, model or role is called in the file. */
const KEY_NAME = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_. -]*$/u;

function keyName(description: string): z.ZodString {
  const error = `a name of letters, digits, spaces, "_", "-" and "."`;
  return z.string({ error }).max(NAME_LENGTH_MAX, { error }).regex(KEY_NAME, { error }).describe(description);
}

/** The level `none` means no moderator, so nobody can be called that. */
const moderatorKey = keyName("The moderator's name in this file")
  .refine((name) => name !== "none", { error: 'another name than "none", which means no moderator' });

const EXPERIMENT_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/;
const EXPERIMENT_NAME_ERROR = 'a name of at most 100 letters, digits, "-", "_" and "."';

/** Keys of a model that say how replies are drawn; all others are the adapter's. */
export const SAMPLING_KEYS = ["temperature", "topP", "maxTokens", "stop"] as const;

const stops = { error: `a text, or a list of 1 to ${STOPS_MAX} texts` };
const stopSchema = z.union([
  z.string(stops).min(1, stops),
  z.array(z.string(stops).min(1, stops), stops).min(1, stops).max(STOPS_MAX, stops),
], stops).describe("Texts at which a reply ends");

const modelSchema = z.object({
  adapter: text(
    "Who runs the model: a built-in adapter, or the path of your own",
    "the name or path of an adapter",
  ),
  temperature: numberFrom(0, 100, "Sampling temperature").optional(),
  topP: numberFrom(0, 1, "Nucleus sampling: the share of probability that tokens are drawn from").optional(),
  maxTokens: wholeNumber(1, 10_000_000, "Longest reply, in tokens").optional(),
  stop: stopSchema.optional(),
  thoughts: z.enum(["strip", "keep"], { error: "strip or keep" }).optional().describe(
    "Whether thoughts that stand in the text of a comment are taken out, which is the default, or stay in it",
  ),
  limits: limitsSchema.optional(),
  prices: pricesSchema.optional(),
}, { error: KEYS_AND_VALUES }).catchall(jsonSchema).describe("A model: an adapter and its options");

const roleSchema = z.strictObject({
  name: keyName("The role's name"),
  instructions: text("What the prompt of its holder says besides"),
  probability: numberFrom(0, 1, "Each participant has the role with this probability").optional(),
  count: wholeNumber(0, PARTICIPANTS_MAX, "Exactly so many participants have the role").optional(),
}, { error: KEYS_AND_VALUES }).describe("A role: either probability or count says who has it");

const modelNames = { error: "the name of a model, or a list of them" };
const modelsOfParticipants = z.union([
  z.string(modelNames),
  z.array(z.string(modelNames), modelNames).min(1, modelNames),
], modelNames).describe("The name of a model; of a list, each participant's is drawn");

/** What prompts say where the file says nothing else. */
export const DEFAULT_CONTEXT = "You are taking part in an online discussion.";
/** What participants are told where the file says nothing else. */
export const DEFAULT_INSTRUCTIONS =
  "Write one short comment, as the person described would write it. Answer what the others said.";
/** What moderators are told where the file says nothing else. */
export const DEFAULT_MODERATION = "Keep the discussion civil and on its topic.";

const participantsSchema = z.strictObject({
  model: modelsOfParticipants,
  personas: z.unknown().optional().describe("A file (.json, .yaml, .csv), or a list of personas"),
  count: wholeNumber(1, PARTICIPANTS_MAX, "How many take part in each discussion; all of them when left out")
    .optional(),
  pinned: z.array(z.string({ error: "the name of a persona" }), { error: "a list of names of personas" })
    .default([])
    .describe("Personas that take part in every discussion, in the first places; the others are sampled"),
  context: text("Opens the prompt of participants and moderators").default(DEFAULT_CONTEXT),
  instructions: text("Closes the prompt of participants").default(DEFAULT_INSTRUCTIONS),
  roles: z.array(roleSchema, { error: "a list of roles" }).default([]).describe(
    "Each participant has one role at most; they are given in this order, and counts always come out",
  ),
}, { error: KEYS_AND_VALUES }).describe("Who takes part");

const shown = { error: `a whole number from 0 to ${HISTORY_MAX}, or all` };

const discussionSchema = z.strictObject({
  turns: wholeNumber(1, TURNS_MAX, "How many turns participants have, silent ones included"),
  history: z.union([z.int(shown).min(0, shown).max(HISTORY_MAX, shown), z.literal("all", shown)], shown)
    .default(3).describe("How many of the last comments a prompt shows"),
  turnTaking: z.unknown().optional().describe("Who speaks next; random when left out"),
  passWord: text("The reply that means silence").default("PASS"),
  layout: z.enum(["transcript", "dialogue"], { error: "transcript or dialogue" }).default("transcript")
    .describe(
      "Prompts as one transcript, or as a chat in which the speaker's own comments are the assistant's",
    ),
}, { error: KEYS_AND_VALUES }).describe("How a discussion runs");

/** What can be declared of discussions that no experiment file of ours was run for. */
export const declarationSchema = z.strictObject({
  turns: discussionSchema.shape.turns.optional(),
  history: discussionSchema.shape.history.unwrap().optional(),
  turnTaking: discussionSchema.shape.turnTaking,
  schedule: z.unknown().optional().describe("After which turns the moderator is asked"),
}, { error: KEYS_AND_VALUES }).describe("What was declared");

const moderatorSchema = z.strictObject({
  model: text("The name of a model", "the name of a model"),
  name: speakerName("The name that comments are signed with").default("Moderator"),
  persona: z.record(z.string(), jsonSchema, { error: KEYS_AND_VALUES }).default({}).describe(
    "What the prompt says of the moderator: keys and values",
  ),
  instructions: text("What the moderator is told").default(DEFAULT_MODERATION),
  schedule: z.unknown().optional().describe("After which turns the moderator is asked"),
}, { error: KEYS_AND_VALUES }).describe("A moderator");

const levelsSchema = z.array(z.unknown(), { error: "a list of levels" }).min(1, {
  error: "at least one level",
}).describe("The levels: plain values, or { label, value }");

const PATHS_AND_LEVELS = "paths of this file, and a list of levels for each";

/** A level of more than a plain value. */
export const labelledLevelSchema = z.strictObject({
  label: z.union([z.string(), z.number(), z.boolean()], { error: "a short text" }).describe(
    `Stands in tables and file names; at most ${LABEL_LENGTH_MAX} characters`,
  ),
  value: z.unknown().describe("Anything that can stand at the factor's path"),
}, { error: "{ label, value }" });

/** How many discussions there are, and how they differ. */
export const designSchema = z.strictObject({
  factors: z.record(z.string(), levelsSchema, { error: PATHS_AND_LEVELS }).default({}).describe(
    "Crossed: dotted path of a value of this file → its levels",
  ),
  vary: z.record(z.string(), levelsSchema, { error: PATHS_AND_LEVELS }).default({}).describe(
    "Not crossed: dotted path → levels, one of which is drawn for each discussion",
  ),
  replications: wholeNumber(1, REPLICATIONS_MAX, "Discussions of each condition").default(1),
  matched: z.boolean({ error: "true or false" }).default(true).describe(
    "Whether the conditions of one replicate share personas, roles, openings and speaker draws",
  ),
}, { error: KEYS_AND_VALUES }).describe("The design of the experiment");

const seeds = { error: `a whole number, or a text of 1 to ${NAME_LENGTH_MAX} characters` };

/** An experiment file. */
export const experimentSchema = z.strictObject({
  name: z.string({ error: EXPERIMENT_NAME_ERROR }).regex(EXPERIMENT_NAME, { error: EXPERIMENT_NAME_ERROR })
    .describe(
      "Names the run's folder",
    ),
  seed: z.union([z.int(seeds), z.string(seeds).min(1, seeds).max(NAME_LENGTH_MAX, seeds)], seeds).describe(
    "Everything random follows from it",
  ),
  models: z.record(keyName("The model's name in this file"), modelSchema, { error: "names and their models" })
    .refine(
      (models) => Object.keys(models).length > 0,
      { error: "at least one model" },
    ).describe("Models by name"),
  participants: participantsSchema,
  openings: z.unknown().optional().describe(
    "A file (.yaml, .json, .csv), or a list: one comment each, or a list of them. One entry is drawn per discussion",
  ),
  discussion: discussionSchema,
  moderators: z.record(moderatorKey, moderatorSchema, { error: "names and their moderators" }).default({})
    .describe(
      "Moderators by name",
    ),
  moderator: text("The name of the moderator that discussions have", "the name of a moderator, or none")
    .nullable()
    .default(null),
  design: z.unknown().optional().describe("How many discussions there are, and how they differ"),
  annotation: z.unknown().optional().describe("How comments are judged once their discussion is finished"),
  analysis: z.unknown().optional().describe(
    "What is to be found out, and how: declared before anything is run",
  ),
}, { error: KEYS_AND_VALUES });

/** An experiment file's content, as far as the schema describes it. */
export type ExperimentFile = z.infer<typeof experimentSchema>;

/** A persona in a file or inline; attributes are free. */
export const personaSchema = z.object({
  name: speakerName("Unique among the personas; username does as well"),
  talkativeness: numberFrom(0, Infinity, "Weight in turn-taking; 1 when left out").optional(),
}, { error: "a persona: keys and values, name among them" }).catchall(jsonSchema);

/** One comment of an opening. */
export const openingCommentSchema = z.strictObject({
  author: speakerName("Who says it; a participant is drawn when left out").optional(),
  text: z.string({ error: "a text" }).regex(/\S/, { error: "a text" }).describe("What is said"),
}, { error: "a text, or { author, text }" });
