/** What an experiment declares to find out, in one line. */
import { type AnalysisDesign, type Experiment, TIME } from "../../core/experiment/mod.ts";
import { isMetric } from "../../core/experiment/analysis_design.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { plural } from "../terminal/numbers.ts";

const CORRECTIONS: Readonly<Record<AnalysisDesign["correction"], string>> = {
  holm: "Holm",
  "benjamini-hochberg": "Benjamini-Hochberg",
  none: "not corrected",
};

/**
 * The outcomes, what they are compared by, and how many tests that is: one for each level of a factor but the
 * reference, and for each combination of such levels where factors are multiplied.
 *
 * @param experiment The experiment.
 * @returns A line without its end; `null` where nothing is declared.
 */
export function analysisLine({ analysis, factors }: Pick<Experiment, "analysis" | "factors">): string | null {
  if (analysis === null) return null;
  const { outcomes, reference, correction } = analysis;
  if (outcomes.length === 0) return "analysis: no outcome is declared: everything is exploratory";
  const compared = factors.filter(({ levels }) => levels.length > 1);
  const effects = analysis.effects ?? compared.map(({ path }) => [path]);
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
    : `references ${references.map(([name, level]) => `${name} ${level}`).join(", ")}`;
  return `analysis: ${names} by ${neutralise(effects.map((effect) => effect.join(" × ")).join(", "))}` +
    `${references.length === 0 ? "" : ` (${neutralise(shown)})`}; ${plural(tests, "test")}, ` +
    CORRECTIONS[correction];
}
