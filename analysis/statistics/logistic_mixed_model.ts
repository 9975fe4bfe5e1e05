/** Logistic mixed models of outcomes with two values. */
import { INTERCEPT } from "./coefficient_names.ts";
import { coefficient } from "./coefficients.ts";
import { LEVEL } from "./distributions.ts";
import { fitLinkModel, type LinkModel, type LinkModelOptions } from "./link_model.ts";
import type { ModelData } from "./model_matrix.ts";
import { isUnavailable, type Unavailable, unavailable } from "./unavailable.ts";

/**
 * A fitted logistic mixed model. Its first coefficient is the intercept: the log odds if all factors are at the
 * reference.
 */
export type LogisticMixedModel = LinkModel;

/**
 * Fits a logistic model with a random intercept per group, by maximum likelihood with adaptive quadrature.
 *
 * @param data The outcome, 0 or 1, its groups and the predictors. Blocks are clusters of robust standard errors: the model
 *   has no random intercept for them. Rows that lack a value are excluded and counted.
 * @returns The model, or the reason why it cannot be fitted, for example because the predictors separate zeros
 *   from ones.
 * @throws RangeError when lists differ in length, a term names an unknown predictor, or an outcome is not 0 or 1.
 *
 * @example
 * ```ts
 * import { fitLogisticMixedModel, isUnavailable } from "../mod.ts";
 * import assert from "node:assert/strict";
 *
 * const model = fitLogisticMixedModel({
 *   outcome: [0, 0, 1, 0, 1, 0, 1, 1, 0, 1, 1, 0],
 *   group: ["a", "a", "a", "b", "b", "b", "c", "c", "c", "d", "d", "d"],
 *   predictors: { moderator: { values: [..."nnnnnnyyyyyy"], reference: "n" } },
 * });
 * assert(!isUnavailable(model));
 * // Four of six against two of six: the log of (4 / 2) / (2 / 4).
 * assert.equal(model.coefficients[1]!.estimate.toFixed(4), "1.3863");
 * ```
 */
export function fitLogisticMixedModel(
  data: ModelData,
  options: LinkModelOptions = {},
): LogisticMixedModel | Unavailable {
  const wrong = data.outcome.find((value) => value !== null && value !== 0 && value !== 1);
  if (wrong !== undefined) throw new RangeError(`Cannot fit a logistic model to "${wrong}": expected 0 or 1`);
  const present = new Set(data.outcome.filter((value) => value !== null));
  if (present.size < 2) return unavailable("the outcome does not vary");
  const fit = fitLinkModel(data, [0, 1], options);
  if (isUnavailable(fit)) return fit;
  const { estimate, standardError, df } = fit.thresholds[0]!;
  const intercept = coefficient(
    { name: INTERCEPT, estimate: -estimate, standardError, df },
    options.level ?? LEVEL,
  );
  return { ...fit.model, coefficients: [intercept, ...fit.model.coefficients] };
}
