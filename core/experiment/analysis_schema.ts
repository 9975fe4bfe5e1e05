/** The shape of an analysis: the section of an experiment file, or a file of its own. */
import { z } from "zod";
import { ANALYSIS_DEFAULT, DISCUSSION_METRICS } from "./analysis_design.ts";
import { text } from "./schema.ts";

const REFERENCES = { error: "factors, and for each the level that others are compared with" };
const OUTCOMES = { error: "a list of outcomes" };
const EFFECTS = { error: "a list of effects, such as [moderator, moderator:turn]" };
const LEVEL = { error: "a number above 0.5 and below 1, such as 0.95" };

/** What is written as an outcome. */
export const outcomeSchema = z.string({ error: "the name of an outcome" });

/** An analysis, in an experiment file or in one of its own. */
export const analysisSchema = z.strictObject({
  question: text("What the experiment is to find out, in your own words", "a question")
    .regex(/\S/, { error: "a question" }).optional(),
  reference: z.record(z.string(), z.unknown(), REFERENCES).default({}).describe(
    "Factor → the level that its others are compared with, as its label or its value; the first when left out",
  ),
  outcomes: z.array(outcomeSchema, OUTCOMES).min(1, OUTCOMES).optional().describe(
    "What is compared: a scale, pass/scale, scale=label for one label of a nominal scale, or a figure of whole " +
      `discussions: ${DISCUSSION_METRICS.join(", ")}`,
  ),
  effects: z.array(z.string({ error: 'factors joined by ":"' }), EFFECTS).min(1, EFFECTS).optional().describe(
    "What outcomes are compared by: factors, or several joined by a colon, turn among them for the trend through a " +
      "discussion; every factor by itself when left out",
  ),
  comments: z.enum(["participants", "moderators", "all"], { error: "participants, moderators or all" })
    .default(ANALYSIS_DEFAULT.comments).describe("Whose comments count"),
  silences: z.enum(["exclude", "include"], { error: "exclude or include" })
    .default(ANALYSIS_DEFAULT.silences).describe("Whether judgements of silent turns count"),
  time: z.enum(["turn", "position"], { error: "turn or position" }).default(ANALYSIS_DEFAULT.time).describe(
    "What the place in a discussion is: the turn, or the position among openings, turns and moderations",
  ),
  test: z.enum(["mixed-model", "paired", "permutation"], { error: "mixed-model, paired or permutation" })
    .optional().describe("How effects of factors are tested; what fits the design when left out"),
  correction: z.enum(["holm", "benjamini-hochberg", "none"], { error: "holm, benjamini-hochberg or none" })
    .default(ANALYSIS_DEFAULT.correction).describe("How p values are adjusted over all declared tests"),
  level: z.number(LEVEL).gt(0.5, LEVEL).lt(1, LEVEL).default(ANALYSIS_DEFAULT.level)
    .describe("The level of intervals; p below 1 - level counts as a result"),
}, { error: "keys and values" });
