/** Texts that describe an analysis. */
import {
  type AnalysisDesign,
  type DiscussionMetric,
  isTextMetric,
  type TextMetric,
  TIME,
  type WhoseComments,
} from "../../core/experiment/analysis_design.ts";
import type { EffectTerm, EffectTest, Outcome, Repeat } from "../outcomes/mod.ts";
import { coefficientName } from "../statistics/coefficient_names.ts";
import { isUnavailable } from "../statistics/unavailable.ts";
import type { TestName } from "./facts.ts";
import { plural } from "./numbers.ts";
import { joined } from "./words.ts";

export const CORRECTIONS: Readonly<Record<AnalysisDesign["correction"], string>> = {
  "holm": "Holm's step-down method, which limits the family-wise error rate",
  "benjamini-hochberg": "the method of Benjamini and Hochberg, which limits the false discovery rate",
  "none": "no correction",
};

/** The names of the corrections: one for heads of columns, and one for texts. */
const CORRECTION_NAMES = {
  "holm": ["Holm", "Holm"],
  "benjamini-hochberg": ["BH", "Benjamini and Hochberg (BH)"],
  "none": ["", ""],
} as const satisfies Record<AnalysisDesign["correction"], unknown>;

/** The names of the correction of a test. Exploratory tests always have the correction of Benjamini and Hochberg. */
export function correctionOf(
  { confirmatory, sampleChanged }: Readonly<{ confirmatory: boolean; sampleChanged: boolean }>,
  { correction }: Pick<AnalysisDesign, "correction">,
): readonly [short: string, long: string] {
  return CORRECTION_NAMES[confirmatory || sampleChanged ? correction : "benjamini-hochberg"];
}

export const TESTS: Readonly<Record<TestName, string>> = {
  "mixed-model":
    "a linear mixed model with a random intercept for each discussion, fitted by restricted maximum likelihood, with " +
    "Satterthwaite's degrees of freedom",
  "logistic-mixed-model": "a logistic mixed model with a random intercept for each discussion",
  "ordinal-mixed-model": "a cumulative-link mixed model with a random intercept for each discussion",
  "linear-model": "a linear model of one value for each discussion, with robust standard errors",
  "paired": "contrasts between the discussions of a replicate, with Student's t",
  "permutation": "a linear model of one value for each discussion, with permuted residuals",
};

const WHOSE: Readonly<Record<WhoseComments, string>> = {
  participants: "participants",
  moderators: "moderators",
  all: "participants and moderators",
};

/** A figure of whole discussions that is not about texts → what it counts. */
const COUNTED_TURNS: Readonly<Record<Exclude<DiscussionMetric, TextMetric>, string>> = {
  "silence-rate": "turns of participants",
  "participation-rate": "comments of participants",
  "evenness": "comments of participants",
  "respond-rate": "turns of participants, silent ones included",
  "intervention-rate": "slots of moderators",
};

/**
 * Says whose comments the analysis counts, for example `comments of participants, without silent turns;
 * diversity: comments of participants and moderators`.
 *
 * @param silences The text that says whether silent turns count.
 */
export function whoseText({ comments, commentsOf = {} }: AnalysisDesign, silences: string): string {
  const others = Object.entries(commentsOf).map(([name, whose]) => `${name}: comments of ${WHOSE[whose]}`);
  return [`comments of ${WHOSE[comments]}, ${silences}`, ...others].join("; ");
}

/**
 * Says what an outcome counts, for example `comments of participants`. Openings and scripted interventions
 * never count.
 */
export function countedText(
  { name, unit, comments, silences }: Pick<Outcome, "name" | "unit" | "comments" | "silences">,
): string {
  if (comments === null) return COUNTED_TURNS[name as keyof typeof COUNTED_TURNS];
  const silent = unit === "comment" && silences === "include" ? " and silent turns" : "";
  return `comments${silent} of ${WHOSE[comments]}`;
}

/** A sentence on what each outcome of a table or plot counts. */
export function countedNote(outcomes: readonly Parameters<typeof countedText>[0][]): string {
  const byText = Map.groupBy(outcomes, countedText);
  if (byText.size === 0) return "";
  if (byText.size === 1) return `Counted: ${[...byText.keys()][0]}.`;
  const parts = [...byText].map(([text, those]) => `${joined(those.map(({ name }) => name))}: ${text}`);
  return `Counted: ${parts.join("; ")}.`;
}

export function effectTexts(
  { effects, time }: Pick<AnalysisDesign, "effects" | "time">,
  factors: readonly string[],
): string[] {
  const all = effects ?? factors.map((factor) => [factor]);
  return all.map((effect) => effectText(effect, { time }));
}

/**
 * An effect as text, such as `moderator × position`. In the experiment file, the effect is always `moderator:turn`,
 * also with `time: position`. A factor whose name contains ` × ` is in quotation marks.
 */
export function effectText(effect: readonly string[], { time }: Pick<AnalysisDesign, "time">): string {
  return effect.map((name) => name === TIME ? time : /^"| × /.test(name) ? JSON.stringify(name) : name).join(
    " × ",
  );
}

/** The name of a coefficient as text, such as `moderator[gentle]:position`. */
export function termText(
  { name, contrasts, throughTurns }: EffectTerm,
  { time }: Pick<AnalysisDesign, "time">,
): string {
  if (!throughTurns || time === TIME) return name;
  return coefficientName([...contrasts.map(({ factor, level }) => ({ name: factor, level })), {
    name: time,
  }]);
}

/** The reference level of each factor as text: the declared level, or else the factor's first level. */
export function referenceText(
  { reference }: Pick<AnalysisDesign, "reference">,
  factors: ReadonlyMap<string, readonly string[]>,
): string {
  const first = [...factors].flatMap(([factor, [level]]) => level === undefined ? [] : [[factor, level]]);
  const all: Record<string, string> = { ...Object.fromEntries(first), ...reference };
  return joined(Object.entries(all).map(([factor, level]) => `${factor}: ${level}`));
}

/** A sentence on what the outcomes of some tests or comparisons count. */
export function countedIn(
  rows: readonly Readonly<{ outcome: string }>[],
  { outcomes }: Readonly<{ outcomes: readonly Readonly<{ outcome: Outcome }>[] }>,
): string {
  const names = new Set(rows.map(({ outcome }) => outcome));
  return countedNote(outcomes.map(({ outcome }) => outcome).filter(({ name }) => names.has(name)));
}

/** A sentence on the factors that some tests are adjusted for; empty if there are none. */
export function adjustedNote(tests: readonly EffectTest[], analysis: Pick<AnalysisDesign, "time">): string {
  const tested = tests.filter(({ figures }) => !isUnavailable(figures));
  const all = [...new Set(tested.flatMap(({ adjustedFor }) => adjustedFor))];
  if (all.length === 0) return "";
  const byFactors = Map.groupBy(tested, ({ adjustedFor }) => JSON.stringify(adjustedFor));
  const isOfOthers = tested.every(({ effect, adjustedFor }) =>
    all.every((name) => effect.includes(name) !== adjustedFor.includes(name))
  );
  const whose = [...byFactors.values()].flatMap((those) => {
    const { adjustedFor } = those[0]!;
    const effects = new Set(those.map(({ effect }) => effectText(effect, analysis)));
    return adjustedFor.length === 0 ? [] : [`${joined([...effects])} for ${joined(adjustedFor)}`];
  });
  const what = byFactors.size === 1
    ? ` for ${joined(all)}`
    : isOfOthers
    ? ` for ${joined(all)}, except the factors of the effect itself`
    : `: ${whose.join("; ")}`;
  return `Adjusted${what}. An effect is the mean over the levels of these factors, and each level counts equally.`;
}

/** Warnings for readers who compare these outcomes between conditions. */
export function caveatsOf(outcomes: readonly Pick<Outcome, "name" | "comments">[]): readonly string[] {
  const mixed = outcomes.filter(({ name, comments }) => comments === "all" && isTextMetric(name));
  return [
    ...mixed.length === 0 ? [] : [
      `Values of ${
        joined(mixed.map(({ name }) => name))
      } include moderators' comments, so conditions with and without a moderator ` +
      "can differ for that reason alone.",
    ],
    ...outcomes.some(({ name }) => name === "distinct-2")
      ? ["Compare distinct-2 only between discussions of about the same length."]
      : [],
  ];
}

/** Which runs repeat discussions of others, and what follows for the figures. */
export function repeatText(repeats: readonly Repeat[]): string {
  const found = repeats.map(({ run, of, discussions }) =>
    `${plural(discussions, "discussion")} of ${run} and ${of}`
  );
  return `${
    joined(found)
  } have the same name and the same seed, so they are not independent. Only pairs allow for this; ` +
    "other intervals can be too narrow, and other p too small. Quote figures from one of these runs, or give each run another seed";
}
