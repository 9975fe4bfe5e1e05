/** The declared analysis: the schema of the section `analysis`, and the names of outcomes. */
import { z } from "../zod.ts";
import { isFreeText, type Scale, scaleTypeOf } from "../annotation/scales/mod.ts";
import {
  type AnalysisDesign,
  COMMENT_MODELS,
  type CommentModel,
  CORRECTIONS,
  EFFECT_TESTS,
  SILENCES,
  TIMES,
  WHOSE_COMMENTS,
  type WhoseComments,
} from "../events/analysis_design.ts";
import { PASS_NAME } from "../names.ts";
import { isVisibleLine, KEYS_AND_VALUES, oneOf, text, withForms } from "./schema_parts.ts";

export {
  type AnalysisDesign,
  COMMENT_MODELS,
  type CommentModel,
  CORRECTIONS,
  EFFECT_TESTS,
  SILENCES,
  TIMES,
  WHOSE_COMMENTS,
  type WhoseComments,
} from "../events/analysis_design.ts";

/** Outcomes that are figures of whole discussions. All other outcomes are scales of annotations. */
export const DISCUSSION_METRICS = [
  "diversity",
  "distinct-2",
  "words",
  "silence-rate",
  "participation-rate",
  "evenness",
  "respond-rate",
  "intervention-rate",
] as const;

/** The name of a figure of whole discussions. */
export type DiscussionMetric = typeof DISCUSSION_METRICS[number];

/** Figures of the texts of comments. */
export const TEXT_METRICS = [
  "diversity",
  "distinct-2",
  "words",
] as const satisfies readonly DiscussionMetric[];

/** The name of a figure of texts. */
export type TextMetric = typeof TEXT_METRICS[number];

/**
 * Whose comments an outcome counts.
 *
 * @param names All names of the outcome, such as `toxicity` and `pass/toxicity`.
 */
export function whoseComments(
  { comments, commentsOf = {} }: Pick<AnalysisDesign, "comments" | "commentsOf">,
  names: readonly string[],
): WhoseComments {
  const name = names.find((name) => Object.hasOwn(commentsOf, name));
  return name === undefined ? comments : commentsOf[name]!;
}

/** The word that stands for time in effects, such as `moderator:turn`. */
export const TIME = "turn";

/** The analysis if none is declared. All its results are exploratory. */
export const ANALYSIS_DEFAULT: AnalysisDesign = {
  question: null,
  reference: {},
  outcomes: [],
  effects: null,
  comments: "participants",
  silences: "exclude",
  time: "turn",
  test: null,
  correction: "holm",
  level: 0.95,
};

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

/** A scale, and the annotation pass that has it. `targets`: whose comments the pass annotates, if this is known. */
export type KnownScale = Readonly<{ pass: string; scale: Scale; targets?: WhoseComments }>;

/** The parts of an outcome's name. `pass` or `label` is `null` if the name does not contain it. */
export type OutcomeName =
  | Readonly<{ metric: DiscussionMetric }>
  | Readonly<{ pass: string | null; scale: string; label: string | null }>;

export const OUTCOME_FORMS = `a scale, pass/scale, scale=label, or one of ${DISCUSSION_METRICS.join(", ")}`;

/**
 * Reads the name of an outcome; `null` if it is not valid. A figure comes before a scale: `words` is the
 * figure, so the name of a scale called `words` needs its pass (`pass/words`).
 */
export function readOutcomeName(name: string): OutcomeName | null {
  if (isMetric(name)) return { metric: name };
  const equals = name.indexOf("=");
  const [place, label] = equals === -1 ? [name, null] : [name.slice(0, equals), name.slice(equals + 1)];
  const slash = place.indexOf("/");
  const [pass, scale] = slash === -1 ? [null, place] : [place.slice(0, slash), place.slice(slash + 1)];
  if (pass !== null && !PASS_NAME.test(pass)) return null;
  if (label !== null && !isVisibleLine(label)) return null;
  return isVisibleLine(scale) && !scale.includes("/") ? { pass, scale, label } : null;
}

export function isMetric(name: unknown): name is DiscussionMetric {
  return (DISCUSSION_METRICS as readonly unknown[]).includes(name);
}

export function isTextMetric(name: unknown): name is TextMetric {
  return (TEXT_METRICS as readonly unknown[]).includes(name);
}

/** An ordinal model takes at most this many different values. */
export const ORDINAL_VALUES_MAX = 10;

/** The models that can be fitted to the comments of a scale. The first one is the default. */
export function modelsFor(scale: Scale): readonly CommentModel[] {
  const { isShare, steps, level } = scaleTypeOf(scale);
  if (isShare) return ["logistic", "linear"];
  const range = level === "ordinal" ? steps?.(scale) : undefined;
  return range !== undefined && range.max - range.min < ORDINAL_VALUES_MAX
    ? ["linear", "ordinal"]
    : ["linear"];
}

/** Finds the scale that an outcome names. If `pass` is `null`, the first scale with the name is found. */
export function scaleNamed(
  { pass, scale: name }: Readonly<{ pass: string | null; scale: string }>,
  scales: readonly KnownScale[],
): KnownScale | undefined {
  return scales.find((known) => known.scale.name === name && (pass === null || known.pass === pass));
}

/** The names of all possible outcomes: first the names of the given scales, then the figures of whole discussions. */
export function outcomeNames(scales: readonly KnownScale[]): readonly string[] {
  const annotated = scales.flatMap((known) => {
    const { pass, scale } = known;
    const isFirst = scaleNamed({ pass: null, scale: scale.name }, scales) === known;
    const name = isFirst && !isMetric(scale.name) ? scale.name : `${pass}/${scale.name}`;
    if (isFreeText(scale)) return [];
    return scaleTypeOf(scale).labels?.(scale).map((label) => `${name}=${label}`) ?? [name];
  });
  return [...annotated, ...DISCUSSION_METRICS];
}
