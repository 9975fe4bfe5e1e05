/** Effects and their tests in words. */
import { isUnavailable } from "../../statistics/unavailable.ts";
import { type AnalysisDesign, TIME } from "../../../core/experiment/analysis_design.ts";
import type { Contrast, EffectTest, OutcomeComparisons, TestMethod } from "../../outcomes/mod.ts";

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

/**
 * What a test compares: `gentle − none`, `(gentle − none) × turn`. Where the model has interactions of it with other
 * factors, it is that at their references: `turn, at none`.
 */
export function comparisonText(
  test: Pick<EffectTest, "outcome" | "effect" | "term" | "method">,
  compared: Pick<OutcomeComparisons, "factors" | "outcomes">,
): string {
  const text = effectText(test, compared);
  const held = referencesHeld(test, compared);
  return held.length === 0 ? text : `${text}, at ${held.join(", ")}`;
}

function effectText(
  { effect, term }: Pick<EffectTest, "effect" | "term">,
  compared: Pick<OutcomeComparisons, "factors">,
): string {
  if (term.contrasts.length === 0) return effect.join(" × ");
  const texts = term.contrasts.map((contrast) => contrastText(contrast, compared));
  const [alone] = texts;
  if (texts.length === 1 && !term.throughTurns) return alone!;
  return [...texts.map((text) => `(${text})`), ...term.throughTurns ? [TIME] : []].join(" × ");
}

/** The references of the factors that the test's model multiplies its effect by. */
function referencesHeld(
  { outcome, term, method }: Pick<EffectTest, "outcome" | "term" | "method">,
  { factors, outcomes }: Pick<OutcomeComparisons, "factors" | "outcomes">,
): readonly string[] {
  const models = outcomes.find((one) => one.outcome.name === outcome)?.models ?? null;
  if (method !== "mixed-model" || models === null) return [];
  const model = term.throughTurns ? models.throughTurns : models.main;
  if (isUnavailable(model)) return [];
  const own = new Set(term.contrasts.map(({ factor }) => factor));
  const larger = model.terms.filter(({ contrasts, throughTurns }) =>
    throughTurns === term.throughTurns &&
    own.isSubsetOf(new Set(contrasts.map(({ factor }) => factor)))
  );
  const others = larger.flatMap(({ contrasts }) => contrasts).filter(({ factor }) => !own.has(factor));
  return [
    ...new Set(
      others.map(({ factor, reference }) => factors.length > 1 ? `${factor}: ${reference}` : reference),
    ),
  ];
}

/** What the place in a discussion is, as half a sentence. */
export function timeText(time: AnalysisDesign["time"]): string {
  return time === "turn"
    ? `"${TIME}" is the turn of a comment, counted from 0`
    : `"${TIME}" is the place of a comment among openings, turns and moderations, counted from 0`;
}
