/** The declared analysis, and the names of outcomes. `analysis_schema.ts` has the schema of the section `analysis`. */
import { isFreeText, type Scale, scaleTypeOf } from "../annotation/scales/mod.ts";
import type { AnalysisDesign, CommentModel, WhoseComments } from "../events/analysis_design.ts";
import { isVisibleLine, PASS_NAME } from "../names.ts";

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
