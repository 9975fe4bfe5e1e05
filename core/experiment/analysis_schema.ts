/** The schema of the section `analysis`. */
import { z } from "../zod.ts";
import {
  ANALYSIS_DEFAULT,
  COMMENT_MODELS,
  CORRECTIONS,
  DISCUSSION_METRICS,
  EFFECT_TESTS,
  SILENCES,
  TIMES,
  WHOSE_COMMENTS,
} from "./analysis_design.ts";
import { KEYS_AND_VALUES, oneOf, text, withForms } from "./schema_parts.ts";

const REFERENCES = { error: "factors, each with the level that its other levels are compared with" };
const OUTCOMES = { error: "a list of outcomes" };
const EFFECTS = { error: "a list of effects, such as [moderator, moderator:turn]" };
const ADJUST = { error: "a list of factors, or [] for none" };
const LOOKS = { error: "a list of at least two numbers of discussions" };
const LOOK = { error: "a number of discussions" };
const MARGINS = { error: "outcomes, each with a margin" };
const MARGIN = { error: "a number above 0, in the unit of the outcome" };
const MODELS = { error: "outcomes, each with a model" };
const COMMENTS = { error: "participants, moderators or all, or outcomes, each with one of these words" };
const LEVEL = { error: "a number above 0.5 and below 1, such as 0.95" };

const outcomeSchema = withForms(
  z.string({ error: "the name of an outcome" }).meta({ title: "outcome" }),
  () => [{ enum: [...DISCUSSION_METRICS] }, { type: "string" }],
);

/** An analysis, in an experiment file or in a file of its own. */
export const analysisSchema = z.strictObject({
  question: text("The question of the experiment, in your own words", "a question")
    .regex(/\S/, { error: "a question" }).optional()
    .meta({ examples: ["Does a moderator keep a discussion calm?"] }),
  reference: z.record(z.string(), z.unknown(), REFERENCES).default({}).describe(
    "A factor → the level that its other levels are compared with, by label or value. The first level when left out",
  ).meta({ examples: [{ moderator: "none" }] }),
  outcomes: z.array(outcomeSchema, OUTCOMES).min(1, OUTCOMES).optional().describe(
    "The outcomes to compare: a scale, pass/scale, scale=label for one label of a nominal scale, or a figure of whole " +
      `discussions (${DISCUSSION_METRICS.join(", ")})`,
  ).meta({ examples: [["toxicity"]] }),
  effects: z.array(z.string({ error: 'factors joined by ":"' }).meta({ title: "effect" }), EFFECTS).min(
    1,
    EFFECTS,
  ).optional().describe(
    "The effects to test: factors, or several factors joined by a colon. turn means the trend through a discussion. " +
      "When left out, each factor is one effect",
  ).meta({ examples: [["moderator", "moderator:turn"]] }),
  adjust: z.array(z.string({ error: "a factor" }).meta({ title: "factor" }), ADJUST).optional().describe(
    "The factors that models of declared effects adjust for, besides the factors of these effects. All factors when left out",
  ).meta({ examples: [[], ["model"]] }),
  comments: z.union([
    z.enum(WHOSE_COMMENTS, COMMENTS),
    z.record(z.string(), z.enum(WHOSE_COMMENTS, COMMENTS), COMMENTS),
  ], COMMENTS)
    .default(ANALYSIS_DEFAULT.comments).describe(
      "Whose comments outcomes count: participants, moderators or all (both). With outcomes as keys, each of these has its own " +
        "word, and the others count comments of participants",
    ).meta({ examples: ["all", { diversity: "all" }] }),
  silences: oneOf(SILENCES, "Whether annotations of silent turns count")
    .default(ANALYSIS_DEFAULT.silences),
  time: oneOf(
    TIMES,
    "How time in a discussion is counted: in turns, or in positions among openings, scripted interventions, turns and moderations",
  ).default(ANALYSIS_DEFAULT.time),
  test: oneOf(
    EFFECT_TESTS,
    "How effects without turn are tested: by a model, in pairs of matched discussions, or by permutation. When left out, " +
      "in pairs if conditions are matched, otherwise by a model",
  ).optional(),
  model: z.record(z.string(), oneOf(COMMENT_MODELS, "The model of an outcome"), MODELS)
    .optional()
    .describe(
      "An outcome → the model of its comments. When left out, logistic for boolean scales and labels, and linear for others",
    ).meta({ examples: [{ toxicity: "ordinal" }] }),
  slopes: z.boolean({ error: "true or false" }).optional().describe(
    "Whether each discussion has a trend of its own in models of change through turns. true when left out",
  ),
  margin: z.record(z.string(), z.number(MARGIN).gt(0, MARGIN), MARGINS).optional().describe(
    "An outcome → the largest effect that is too small to matter, in the outcome's unit (in log odds for logistic and " +
      "ordinal models). Its effects without turn are then also tested for equivalence",
  ).meta({ examples: [{ toxicity: 0.5 }] }),
  correction: oneOf(
    CORRECTIONS,
    "How p values are adjusted over all declared tests",
  )
    .default(ANALYSIS_DEFAULT.correction),
  level: z.number(LEVEL).gt(0.5, LEVEL).lt(1, LEVEL).default(ANALYSIS_DEFAULT.level)
    .describe("The confidence level of intervals. A p value below 1 - level counts as significant"),
  looks: z.array(z.int(LOOK).min(1, LOOK), LOOKS).min(2, LOOKS).optional().describe(
    "The numbers of ended discussions at which you look at results. The last one is the most that the run may have. The " +
      "tests then allow for all looks. When left out, results must not decide how many discussions the run gets",
  ).meta({ examples: [[50, 100]] }),
}, KEYS_AND_VALUES).describe(
  "The question and the comparisons of the experiment, declared before anything runs",
);
