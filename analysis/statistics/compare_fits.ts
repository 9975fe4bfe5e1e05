/** Comparisons of mixed models with different random effects. */
import { upperChiSquare } from "./coefficients.ts";
import type { MixedModel } from "./mixed_model.ts";

/** A test of whether a model needs additional random effects. */
export type FitComparison = Readonly<{
  /** Twice the difference of log-likelihoods. */
  chiSquare: number;
  /** The number of additional variances and correlations. */
  parameters: number;
  p: number;
}>;

/**
 * Tests by the likelihood ratio whether additional random effects of a model, such as random slopes, have a
 * variance above 0. A variance cannot be negative. So the statistic follows a mixture of two χ² distributions,
 * half each: one with as many degrees of freedom as additional parameters, and one with one fewer (Stram and
 * Lee 1994). If more than one kind of random effect is added, p is too large rather than too small.
 *
 * @param smaller The model with fewer random effects.
 * @param larger The model with more random effects. It must have the same rows and the same coefficients.
 * @throws RangeError when the models differ in rows, method or coefficients, or `larger` does not have more
 *   random effects.
 */
export function compareFits(smaller: MixedModel, larger: MixedModel): FitComparison {
  const shape = ({ method, rows, coefficients }: MixedModel) =>
    JSON.stringify([method, rows, coefficients.map(({ name }) => name)]);
  const parameters = larger.varianceParameters - smaller.varianceParameters;
  if (shape(smaller) !== shape(larger) || parameters < 1) {
    throw new RangeError(
      "Cannot compare the models: expected the same rows and coefficients, and more random effects in the second",
    );
  }
  const chiSquare = Math.max(0, 2 * (larger.logLikelihood - smaller.logLikelihood));
  const beyond = (df: number) => df === 0 ? (chiSquare > 0 ? 0 : 1) : upperChiSquare(chiSquare, df);
  return { chiSquare, parameters, p: (beyond(parameters - 1) + beyond(parameters)) / 2 };
}
