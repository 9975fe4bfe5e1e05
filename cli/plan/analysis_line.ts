/** The declared analysis of an experiment in one line, and what speaks against its tests. */
import { nominalLevel } from "../../analysis/statistics/group_sequential.ts";
import {
  type AnalysisDesign,
  type Experiment,
  factorLabels,
  labelOf,
  TIME,
} from "../../core/experiment/mod.ts";
import { isMetric, readOutcomeName } from "../../core/experiment/analysis_design.ts";
import { listed, quoted } from "../../core/experiment/problems.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { formatCount, plural } from "../terminal/numbers.ts";

const CORRECTIONS: Readonly<Record<AnalysisDesign["correction"], string>> = {
  holm: "Holm",
  "benjamini-hochberg": "Benjamini-Hochberg",
  none: "not corrected",
};

/**
 * One line about the declared analysis: the outcomes, the effects, and the number of tests. There is a test for each
 * level of a factor except the reference. For an interaction, there is a test for each combination of such levels.
 *
 * @returns `null` if no analysis is declared.
 */
export function analysisLine({ analysis, factors }: Pick<Experiment, "analysis" | "factors">): string | null {
  if (analysis === null) return null;
  const { outcomes, reference, correction } = analysis;
  if (outcomes.length === 0) return "analysis: no outcome is declared: everything is exploratory";
  const compared = factors.filter(({ levels }) => levels.length > 1);
  const effects = analysis.effects ?? compared.map(({ path }) => [path]);
  const labels = factorLabels({ factors, vary: [] });
  const shownName = (name: string) => labelOf(name, labels);
  const names = outcomes.map(neutralise).join(", ");
  if (effects.length === 0) return `analysis: ${names}; there are no conditions to compare`;
  const levelsOf = (name: string) => compared.find(({ path }) => path === name)?.levels ?? [];
  const testsOf = (effect: readonly string[]) =>
    effect.reduce((product, name) => name === TIME ? product : product * (levelsOf(name).length - 1), 1);
  const tests = outcomes.flatMap((outcome) =>
    effects.filter((effect) => !isMetric(outcome) || !effect.includes(TIME)).map(testsOf)
  ).reduce((sum, count) => sum + count, 0);
  const references = [...new Set(effects.flat())].filter((name) => name !== TIME)
    .map((name) => [name, reference[name] ?? levelsOf(name)[0]!.label] as const);
  const shown = references.length === 1
    ? `reference ${references[0]![1]}`
    : `references ${references.map(([name, level]) => `${shownName(name)} ${level}`).join(", ")}`;
  return `analysis: ${names} by ${
    neutralise(effects.map((effect) => effect.map(shownName).join(" × ")).join(", "))
  }` +
    `${references.length === 0 ? "" : ` (${neutralise(shown)})`}; ${plural(tests, "test")}, ` +
    CORRECTIONS[correction] + looksText(analysis);
}

/** The planned looks, and the p below which a single test finds an effect at each of them. */
function looksText({ looks, level }: Pick<AnalysisDesign, "looks" | "level">): string {
  if (looks === undefined) return "";
  const fractions = looks.map((look) => look / looks.at(-1)!);
  const shown = looks.map((look, index) => {
    const limit = nominalLevel(fractions.slice(0, index + 1), 1 - level);
    return `${formatCount(look)} (p < ${limit.toPrecision(2)})`;
  });
  return `; looks at ${shown.join(", ")} discussions`;
}

/** Fewer discussions at each combination of levels do not show how much discussions differ by chance. */
const DISCUSSIONS_MIN = 2;

/** What decides which declared tests a run can compute. */
export type AnalysedPlan = Readonly<{
  analysis: AnalysisDesign | null;
  factors: readonly Readonly<{ path: string; levels: readonly unknown[] }>[];
  /** The number of planned discussions, and the greatest number of turns of any of them. */
  discussions: number;
  turns: number;
  /** The scales of the file's annotation pass, and how many annotators it has; `null` without one. */
  annotation: Readonly<{ scales: readonly string[]; annotators: number }> | null;
}>;

/** Warnings about declared tests that a run of this plan cannot compute, or not as declared: each with what to do. */
export function analysisWarnings(plan: AnalysedPlan): readonly string[] {
  const { analysis, factors } = plan;
  if (analysis === null || analysis.outcomes.length === 0) return [];
  const several = factors.filter(({ levels }) => levels.length > 1);
  const effects = analysis.effects ?? several.map(({ path }) => [path]);
  return [
    ...effects.length === 0
      ? [
        "analysis.outcomes: all discussions have the same condition, so there is no test: give a factor of the design " +
        "two levels, or declare the effect turn",
      ]
      : [],
    ...effects.flatMap((effect) => effectWarnings(effect, plan)),
    ...analysis.outcomes.flatMap((outcome) => outcomeWarnings(outcome, analysis, plan.annotation)),
  ];
}

function effectWarnings(effect: readonly string[], { factors, discussions, turns }: AnalysedPlan): string[] {
  const name = effect.join(":");
  const own = factors.filter(({ path }) => effect.includes(path));
  const cells = own.reduce((product, { levels }) => product * levels.length, 1);
  const each = own.length === 0
    ? ""
    : ` for each ${own.length === 1 ? "level" : "combination of levels"} of ${
      own.map(({ path }) => quoted(path)).join(" and ")
    }`;
  return [
    ...discussions < DISCUSSIONS_MIN * cells
      ? [
        `analysis: ${
          quoted(name)
        } cannot be tested: the design plans one discussion${each}, so nothing shows how much ` +
        `discussions differ by chance: plan at least ${DISCUSSIONS_MIN} (design.replications), or leave out this effect`,
      ]
      : [],
    ...effect.includes(TIME) && turns < 2
      ? [
        `analysis: ${
          quoted(name)
        } cannot be tested: discussions have one turn, so nothing changes from turn to turn: ` +
        "plan more (discussion.turns), or leave out this effect",
      ]
      : [],
  ];
}

function outcomeWarnings(
  outcome: string,
  { model = {} }: AnalysisDesign,
  annotation: AnalysedPlan["annotation"],
): string[] {
  const name = readOutcomeName(outcome);
  if (name === null || "metric" in name) return [];
  const scales = annotation?.scales ?? [];
  if (!scales.includes(name.scale)) {
    return [
      `analysis.outcomes: ${quoted(outcome)} has no values yet: the file's annotation has ${
        scales.length === 0 ? "no scales" : `the scales ${listed(scales)}`
      }: add the scale, or annotate the run before its report`,
    ];
  }
  const declared = Object.hasOwn(model, outcome) ? model[outcome]! : "linear";
  if (declared === "linear" || annotation!.annotators < 2) return [];
  return [
    `analysis.model: the ${declared} model of ${
      quoted(outcome)
    } needs categories, but values are means over ${
      plural(annotation!.annotators, "annotator")
    }: where annotators differ, the report takes a linear model. Plan one annotator, or declare linear`,
  ];
}
