/** Comparisons of mixed models with different random effects. */
import { upperChiSquare } from "./coefficients.ts";
import type { MixedModel } from "./mixed_model.ts";

/** A test whether a model needs additional random effects. */
export type FitComparison = Readonly<{
  /** Twice the difference of log-likelihoods. */
  chiSquare: number;
  /** The number of additional variances and correlations. */
  parameters: number;
  p: number;
}>;

/**
 * Tests whether the additional random effects of a model have a variance above 0, such as random slopes: by the ratio of
 * likelihoods. A variance cannot be negative, so χ² is a mixture of two distributions, with one parameter fewer and with
 * all of them, half each (Stram and Lee 1994). With more than one additional kind of effect this is cautious.
 *
 * @param smaller The model with fewer random effects.
 * @param larger The model with more of them, of the same rows and with the same coefficients.
 * @throws RangeError when the models differ in their rows, method or coefficients, or the second has no more random effects.
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
