/** Effects and their tests in words. */
import { type AnalysisDesign, TIME } from "../../experiment/analysis_design.ts";
import type { Contrast, EffectTest, OutcomeComparisons, TestMethod } from "../../analysis/outcomes/mod.ts";

/** How tests are called in tables. */
export const METHODS: Readonly<Record<TestMethod, string>> = {
  "mixed-model": "mixed model",
  "paired": "pairs, t",
  "permutation": "permutation",
};

/**
 * A level against its reference: `gentle − none`, with the factor before it where there are several.
 *
 * @param contrast The two levels.
 * @param compared All comparisons, which tell whether there are several factors.
 */
export function contrastText(
  { factor, level, reference }: Contrast,
  { factors }: Pick<OutcomeComparisons, "factors">,
): string {
  const difference = `${level} − ${reference}`;
  return factors.length > 1 ? `${factor}: ${difference}` : difference;
}

/** What a test compares: `gentle − none`, `(gentle − none) × turn`. */
export function comparisonText(
  { effect, term }: Pick<EffectTest, "effect" | "term">,
  compared: Pick<OutcomeComparisons, "factors">,
): string {
  if (term.contrasts.length === 0) return effect.join(" × ");
  const texts = term.contrasts.map((contrast) => contrastText(contrast, compared));
  const [alone] = texts;
  if (texts.length === 1 && !term.throughTurns) return alone!;
  return [...texts.map((text) => `(${text})`), ...term.throughTurns ? [TIME] : []].join(" × ");
}

/** What the place in a discussion is, as half a sentence. */
export function timeText(time: AnalysisDesign["time"]): string {
  return time === "turn"
    ? `"${TIME}" is the turn of a comment, counted from 0`
    : `"${TIME}" is the place of a comment among openings, turns and moderations, counted from 0`;
}
