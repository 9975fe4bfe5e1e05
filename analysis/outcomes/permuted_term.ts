/** Tests differences and interactions by permutation. */
import { type PermutationResult, permutationTest } from "../statistics/permutation.ts";
import { permuteFactorial } from "../statistics/permute_factorial.ts";
import { isUnavailable, type Unavailable } from "../statistics/unavailable.ts";
import type { EffectTerm, ModelUse } from "./effects.ts";
import type { ComparisonOptions } from "./level_comparisons.ts";
import { figuresOf } from "./model_figures.ts";
import { type ModelContext, type OutcomeModelData, outcomeModelData } from "./outcome_model_data.ts";
import { fitted } from "./outcome_models.ts";
import { meanValues } from "./outcome_values.ts";
import type { Outcome } from "./outcomes.ts";
import type { TestFigures } from "./results.ts";
import { cornersOf } from "./within_replicates.ts";

/** The figures of a term, and the factors of its model. */
export type PermutedTerm = Readonly<{ figures: TestFigures; factors: readonly string[] }>;

/**
 * Tests a coefficient by permutation. The effect must not contain `turn`.
 *
 * @param use The model that has the coefficient.
 */
export type TermPermutation = (term: EffectTerm, use: ModelUse) => PermutedTerm | Unavailable;

/**
 * Returns a function that tests coefficients by permutation. A test uses only the discussions at the levels and
 * the references of its coefficient, with one value for each discussion. The estimate and the interval come
 * from a linear model of these values. p comes from permuted residuals of the model, so differences due to
 * other factors do not count as chance. If conditions are matched, residuals are permuted within replicates, so
 * differences between replicates do not count either.
 */
export function termPermutation(
  { values }: Pick<Outcome, "values">,
  context: ModelContext,
  { seed, permutations, level }: Omit<ComparisonOptions, "resamples">,
): TermPermutation {
  return (term, use) => {
    const corners = cornersOf(term.contrasts, context.factors);
    const atCorners = meanValues(values, (discussion) => corners[discussion] !== null);
    const data = outcomeModelData(atCorners, use, context);
    if (isUnavailable(data)) return data;
    const model = fitted(data, {
      use,
      kind: { method: "linear-model" },
      level,
      range: [-Infinity, Infinity],
    });
    if (isUnavailable(model)) return model;
    const figures = figuresOf(model, term);
    if (isUnavailable(figures)) return figures;
    const permuted = permute(data, term, { seed: JSON.stringify([seed, term.name]), permutations });
    if (isUnavailable(permuted)) return permuted;
    const { p, exact, arrangements } = permuted;
    return { figures: { ...figures, p, ...exact ? {} : { arrangements } }, factors: model.factors };
  };
}

/**
 * p of a term. If the model has no other terms and no blocks, the residuals are the values. Then the
 * discussions are divided into two groups in other ways. There are fewer divisions than orders, so all of them
 * can be tried for more discussions.
 */
function permute(
  data: OutcomeModelData,
  { contrasts }: EffectTerm,
  options: Pick<ComparisonOptions, "seed" | "permutations">,
): Pick<PermutationResult, "p" | "exact" | "arrangements"> | Unavailable {
  const [first] = contrasts;
  if (data.terms.length > 1 || data.block !== undefined) {
    return permuteFactorial(data, contrasts.map(({ factor }) => factor), options);
  }
  const levels = data.predictors[first!.factor]!.values;
  const at = (level: string) => data.outcome.filter((_, row) => levels[row] === level).map((value) => value!);
  return permutationTest(at(first!.level), at(first!.reference), options);
}
