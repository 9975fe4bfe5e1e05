/** Tests of interactions by permutation of residuals. */
import { permuteFactorial } from "../statistics/permute_factorial.ts";
import { isUnavailable, type Unavailable } from "../statistics/unavailable.ts";
import type { EffectTerm } from "./effects.ts";
import type { ComparisonOptions } from "./level_comparisons.ts";
import { figuresOf } from "./model_figures.ts";
import { fitted, type OutcomeModelData } from "./outcome_models.ts";
import type { TestFigures } from "./results.ts";

/** The figures of an interaction, and the factors of its model. */
export type PermutedInteraction = Readonly<{ figures: TestFigures; factors: readonly string[] }>;

/**
 * Tests one coefficient of an interaction in a linear model of the discussions at its levels and references. p comes from
 * permuted residuals, within replicates if conditions are matched. The interval is the linear model's.
 *
 * @param data The data of the model `levels`, with one value for each discussion.
 */
export function permutedInteraction(
  term: EffectTerm,
  data: OutcomeModelData,
  { seed, permutations, level }: Omit<ComparisonOptions, "resamples">,
): PermutedInteraction | Unavailable {
  const corners = { ...data, predictors: { ...data.predictors } };
  for (const { factor, level, reference } of term.contrasts) {
    const predictor = data.predictors[factor];
    if (predictor === undefined || !("reference" in predictor)) continue;
    const isCorner = (value: string | null) => value === level || value === reference;
    const values = predictor.values.map((value) => isCorner(value) ? value : null);
    corners.predictors[factor] = { ...predictor, values };
  }
  const kind = { method: "linear-model" } as const;
  const model = fitted(corners, { use: "levels", kind, level, range: [-Infinity, Infinity] });
  if (isUnavailable(model)) return model;
  const figures = figuresOf(model, term);
  if (isUnavailable(figures)) return figures;
  const names = term.contrasts.map(({ factor }) => factor);
  const drawn = { seed: JSON.stringify([seed, term.name]), permutations };
  const permuted = permuteFactorial(corners, names, drawn);
  return isUnavailable(permuted)
    ? permuted
    : { figures: { ...figures, p: permuted.p }, factors: model.factors };
}
