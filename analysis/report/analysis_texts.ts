/** Texts that describe an analysis. */
import { type AnalysisDesign, TIME } from "../../core/experiment/analysis_design.ts";
import type { TestName } from "./facts.ts";
import { joined } from "./words.ts";

export const CORRECTIONS: Readonly<Record<AnalysisDesign["correction"], string>> = {
  "holm": "Holm's step-down method, which limits the family-wise error rate",
  "benjamini-hochberg": "the method of Benjamini and Hochberg, which limits the false discovery rate",
  "none": "no correction",
};

export const TESTS: Readonly<Record<TestName, string>> = {
  "mixed-model":
    "a linear mixed model with a random intercept for each discussion, fitted by restricted maximum likelihood, with " +
    "Satterthwaite's degrees of freedom",
  "logistic-mixed-model": "a logistic mixed model with a random intercept for each discussion",
  "ordinal-mixed-model": "a cumulative-link mixed model with a random intercept for each discussion",
  "linear-model": "a linear model of one value for each discussion, with robust standard errors",
  "paired": "contrasts between the discussions of a replicate, with Student's t",
  "permutation": "permutation of discussions between conditions",
};

/** Which comments the analysis counts. Openings and scripted interventions never count. */
export const WHOSE: Readonly<Record<AnalysisDesign["comments"], string>> = {
  participants: "comments of participants",
  moderators: "comments of moderators",
  all: "comments of participants and moderators",
};

export function effectTexts(
  { effects }: Pick<AnalysisDesign, "effects">,
  factors: readonly string[],
): string[] {
  const all = effects ?? factors.map((factor) => [factor]);
  return all.map((effect) =>
    effect.map((name) => name === TIME ? "position in the discussion" : name).join(" × ")
  );
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

/** Measure → why a difference between conditions need not be an effect on the discussion. */
const CAVEATS: Readonly<Record<string, string>> = {
  "diversity":
    "Diversity includes moderators' comments, so conditions with and without a moderator can differ for that " +
    "reason alone.",
  "distinct-2":
    "Distinct-2 includes moderators' comments, so conditions with and without a moderator can differ for that " +
    "reason alone. Compare distinct-2 only between discussions of about the same length.",
};

/** Warnings for readers who compare these measures between conditions. */
export function caveatsOf(measures: Iterable<string>): readonly string[] {
  return [...new Set(measures)].flatMap((name) => CAVEATS[name] ?? []);
}
