/** The schema of the experiment file, with the defaults and descriptions of all keys. */
import { z } from "../zod.ts";
import { analysisSchema } from "./analysis_schema.ts";
import { annotationSchema } from "./annotation_schema.ts";
import { DEFAULT_TEXTS } from "./default_texts.ts";
import { listed } from "./problems.ts";
import { LABEL_LENGTH_MAX, PARTICIPANTS_MAX, REPLICATIONS_MAX, TURNS_MAX } from "./limits.ts";
import { DRAWS } from "./matched.ts";
import { modelsSchema } from "./models.ts";
import { openingForms } from "./openings.ts";
import { peopleSchema } from "./people.ts";
import { personaForms } from "./personas.ts";
import { scheduleForms, scheduleWords, turnTakingForms } from "./rules.ts";
import {
  commentsShown,
  jsonOf,
  jsonSchema,
  keyName,
  KEYS_AND_VALUES,
  modelNames,
  numberFrom,
  oneOf,
  seed,
  severalForms,
  templateSetName,
  text,
  visibleLine,
  visibleText,
  wholeNumber,
  withForms,
} from "./schema_parts.ts";

const roleSchema = z.strictObject({
  name: keyName("The role's name").meta({ examples: ["troll"] }),
  instructions: text("An addition to the prompts of participants in this role")
    .meta({ examples: ["Provoke the others."] }),
  probability: numberFrom(0, 1, "The probability with which each participant without a role gets this one")
    .optional(),
  count: wholeNumber(0, PARTICIPANTS_MAX, "Exactly how many participants have the role").optional(),
}, KEYS_AND_VALUES).meta({ title: "role", description: "A role. It has either a probability or a count" });

const participantsSchema = z.strictObject({
  model: modelNames("The name of a model, or a list from which each participant's model is drawn")
    .meta({ examples: ["qwen"] }),
  personas: severalForms(
    "The people who can take part: a file (.json, .yaml, .csv), or a list. A persona has a name (or " +
      "username), optionally a talkativeness, and any other attributes, which its prompt lists",
    personaForms,
  ).nonoptional({ error: "a file of personas, or a list of them" }).meta({ examples: ["personas.json"] }),
  count: wholeNumber(
    1,
    PARTICIPANTS_MAX,
    "How many personas take part in each discussion. All of them when left out",
  ).optional(),
  pinned: z.array(z.string({ error: "the name of a persona" }), { error: "a list of names of personas" })
    .default([])
    .describe(
      "Names of personas that take part in every discussion and get the first seats. The other participants are sampled",
    ),
  pinnedModel: text(
    "The model of the pinned personas, such as a person among programs. When left out, it is drawn as the models of the other participants",
    "the name of a model",
  ).optional().meta({ examples: ["person"] }),
  context: text("The first sentence in the prompts of participants and moderators")
    .default(DEFAULT_TEXTS["participants.context"]),
  instructions: text("The last sentence in the prompts of participants").default(
    DEFAULT_TEXTS["participants.instructions"],
  ),
  roles: z.array(roleSchema, { error: "a list of roles" }).default([])
    .describe(
      "Roles, drawn in this order. A participant has at most one role. Roles with a count always reach it",
    ),
}, KEYS_AND_VALUES).describe("Who takes part");

const interventionSchema = z.strictObject({
  after: wholeNumber(1, TURNS_MAX, "The turn after which it is posted. The first turn is 1").meta({
    examples: [3],
  }),
  author: visibleLine("The comment's author: any name, also a participant's or the moderator's").meta({
    examples: ["Eve"],
  }),
  text: visibleText("The comment's text").meta({ examples: ["Please stay on the topic."] }),
}, KEYS_AND_VALUES).meta({ title: "intervention" });

export const pastSchema = z.strictObject({
  run: text("The folder of the run whose discussions are continued, relative to this file")
    .meta({ examples: ["runs/pilot"] }),
  discussions: z.array(text("The name of a discussion"), { error: "a list of names of discussions" }).min(1, {
    error: "at least one discussion",
  }).optional().describe(
    "The names of discussions. Replicate 1 continues the first one, and so on. After the last one, the list begins again",
  ).meta({ examples: [["base.r0001.1c0ffee1"]] }),
  condition: text("The condition whose discussions are all continued, in the order of their replicates")
    .optional()
    .meta({ examples: ["base"] }),
  at: wholeNumber(
    0,
    TURNS_MAX,
    "The turn with which the past ends. The moderator's reply after this turn is not a part of it. 0: only the openings",
  ).meta({ examples: [5] }),
}, KEYS_AND_VALUES);

const discussionSchema = z.strictObject({
  turns: wholeNumber(1, TURNS_MAX, "How many turns the participants have, silent turns included")
    .meta({ examples: [14] }),
  history: commentsShown("How many of the last comments a prompt shows").default(3),
  turnTaking: severalForms(
    "Who speaks next: the name of a strategy, { strategy: name, … } with its options, or the path of your own. " +
      "random when left out",
    turnTakingForms,
  ).optional().meta({ examples: [{ strategy: "respond", probability: 0.4 }] }),
  interventions: z.array(interventionSchema, { error: "a list of interventions" }).optional()
    .describe(
      "Scripted comments. Each is posted right after its turn, before the moderator is asked. It is no turn, and no " +
        "model writes it",
    ),
  past: pastSchema.optional().describe(
    "Discussions of another run that these discussions continue, with the same participants, openings and comments",
  ),
  passWord: text("The reply that means silence").default("PASS"),
  templates: templateSetName("The words of the prompts to participants and moderators").optional(),
  layout: oneOf(
    ["transcript", "dialogue"],
    "An older way to choose the template set default or dialogue. transcript: a prompt has all comments in one message. dialogue: a prompt is a chat in which the speaker's own " +
      "comments are the assistant's messages",
  ).default("transcript"),
}, KEYS_AND_VALUES).describe("How a discussion runs");

const moderatorSchema = z.strictObject({
  model: text("The name of a model", "the name of a model").meta({ examples: ["qwen"] }),
  name: visibleLine("The moderator's name in discussions").default("Moderator"),
  persona: z.record(z.string(), jsonSchema, KEYS_AND_VALUES).default({})
    .describe("Attributes that the prompt lists about the moderator"),
  instructions: text("The moderator's instructions").default(DEFAULT_TEXTS["moderators.<name>.instructions"]),
  schedule: severalForms(
    "After which turns the moderator is asked: the name of a schedule, { every: n }, " +
      "{ threshold: { signal, above } }, { schedule: name, … } with its options, or the path of your own",
    scheduleForms,
  ).nonoptional({ error: scheduleWords() }).meta({ examples: ["every-turn"] }),
}, KEYS_AND_VALUES).describe("A moderator");

const moderatorName = keyName("The moderator's name in this file")
  .refine((name) => name !== "none", { error: 'another name than "none", which means no moderator' });

export const levelsSchema = z.array(z.unknown(), { error: "a list of levels" }).min(1, {
  error: "at least one level",
}).describe("The levels: plain values, or { label, value }");

/** A factor with a label. */
export const namedFactorSchema = z.strictObject({
  label: z.string({ error: "a short text" }).optional().describe(
    "The factor's name in tables, plots and texts. Its path when left out",
  ).meta({ examples: ["Moderation"] }),
  levels: levelsSchema,
}, { error: "{ label, levels }" });

const factorForms = () => [jsonOf(levelsSchema), jsonOf(namedFactorSchema)];

const factorsByPath = z.record(z.string(), withForms(z.unknown(), factorForms), {
  error: "paths of this file, and a list of levels for each",
});

export const labelledLevelSchema = z.strictObject({
  label: z.union([z.string(), z.number(), z.boolean()], { error: "a short text" }).describe(
    `The level's name in tables and file names. At most ${LABEL_LENGTH_MAX} characters`,
  ),
  value: z.unknown().describe("Any value that can stand at the factor's path"),
}, { error: "{ label, value }" });

export const setLevelSchema = z.strictObject({
  label: labelledLevelSchema.shape.label,
  set: z.record(z.string(), jsonSchema, { error: "paths of this file, and a value for each" }),
}, { error: "{ label, set }, like the other levels" });

const MATCHED = `true, false, or a list of ${listed(DRAWS, DRAWS.length)}`;

const drawsSchema = z.array(z.enum(DRAWS, { error: listed(DRAWS, DRAWS.length) }))
  .min(1, { error: "at least one draw, or false to share none" });

const designSchema = z.strictObject({
  factors: factorsByPath.default({}).describe(
    "The factors of the experiment: the dotted path of any value of this file → its levels. Each combination of levels " +
      "is a condition. A level is a plain value or { label, value }. { label, levels } in place of the list names the factor. If its levels have the form { label, set: { path: " +
      "value } }, the factor's key is any name, and each level sets several values",
  ).meta({ examples: [{ moderator: ["none", "gentle"] }] }),
  vary: factorsByPath.default({}).describe(
    "Values that vary within each condition: a dotted path → its levels. One level is drawn for each discussion",
  ).meta({ examples: [{ "discussion.turns": [10, 20] }] }),
  replications: wholeNumber(1, REPLICATIONS_MAX, "How many discussions each condition has").default(1),
  matched: z.union([z.boolean(), drawsSchema], { error: MATCHED }).default(true).describe(
    "What the conditions of one replicate share. true: all draws. false: nothing. A list: the draws that it names",
  ).meta({ examples: [["personas", "openings", "speakers"]] }),
}, KEYS_AND_VALUES).describe("How many discussions there are, and how they differ");

const EXPERIMENT_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/;
const EXPERIMENT_NAME_ERROR = { error: 'a name of at most 100 letters, digits, "-", "_" and "."' };

export const experimentSchema = z.strictObject({
  name: z.string(EXPERIMENT_NAME_ERROR).regex(EXPERIMENT_NAME, EXPERIMENT_NAME_ERROR)
    .describe("The experiment's name, which is also the name of the run's folder")
    .meta({ examples: ["moderator-effect"] }),
  seed: seed("The seed of all random draws").meta({ examples: [42] }),
  models: modelsSchema,
  participants: participantsSchema,
  openings: severalForms(
    "The openings of discussions: a file (.yaml, .json, .csv), or a list. One entry is drawn for each discussion. An " +
      "entry is a comment or a list of comments; a comment is a text, which a participant says, or { author, text }",
    openingForms,
  ).optional().meta({ examples: ["openings.yaml"] }),
  discussion: discussionSchema,
  moderators: z.record(moderatorName, moderatorSchema, { error: "names and their moderators" }).default({})
    .describe("The moderators by name"),
  moderator: text("", "the name of a moderator, or none").nullable().default(null)
    .describe("The name of the moderator of the discussions; none without a moderator")
    .meta({ examples: ["gentle"] }),
  design: designSchema.optional(),
  annotation: annotationSchema.optional(),
  analysis: analysisSchema.optional(),
  people: peopleSchema.optional(),
}, KEYS_AND_VALUES);

/** The content that discussions depend on: the file without the sections that can change during a run. */
export const contentSchema = experimentSchema.omit({
  design: true,
  annotation: true,
  analysis: true,
  people: true,
});

export type ExperimentContent = z.infer<typeof contentSchema>;

export const declarationSchema = z.strictObject({
  turns: discussionSchema.shape.turns.optional(),
  history: discussionSchema.shape.history.unwrap().optional(),
  turnTaking: discussionSchema.shape.turnTaking,
  schedule: z.unknown().optional(),
}, KEYS_AND_VALUES);

/** The JSON Schema for editors, in draft 2020-12. Only `parseExperiment` checks whether the sections fit together. */
export function experimentJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A SynDisco experiment",
    ...jsonOf(experimentSchema),
  };
}
