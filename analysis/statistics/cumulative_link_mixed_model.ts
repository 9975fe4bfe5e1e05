/** Cumulative link mixed models of ordinal outcomes. */
import { fitLinkModel, type LinkModel, type LinkModelOptions } from "./link_model.ts";
import type { ModelData } from "./model_matrix.ts";
import { isUnavailable, type Unavailable, unavailable } from "./unavailable.ts";

/** The model takes at most this many values. With more values, a linear model is as good. */
const VALUES_MAX = 20;

/** A fitted model of ordered values. A positive coefficient makes higher values more likely. */
export type CumulativeLinkMixedModel =
  & LinkModel
  & Readonly<{
    /**
     * For each value except the highest, the log odds of this value or a lower one, if all factors are at their
     * references.
     */
    thresholds: readonly Readonly<{ value: number; estimate: number; standardError: number }>[];
  }>;

/**
 * Fits a cumulative logit model (proportional odds) with a random intercept per group, by maximum likelihood with adaptive
 * quadrature. Only the order of the outcome's values counts.
 *
 * @param data The outcome, its groups and the predictors. Blocks are clusters of robust standard errors: the model has no
 *   random intercept for them. Rows that lack a value are excluded and counted.
 * @throws RangeError when lists differ in length or a term names an unknown predictor.
 *
 * @example
 * ```ts
 * import { fitCumulativeLinkMixedModel, isUnavailable } from "../mod.ts";
 * import assert from "node:assert/strict";
 *
 * const model = fitCumulativeLinkMixedModel({
 *   outcome: [1, 2, 3, 1, 2, 2, 3, 2, 3, 1, 3, 3],
 *   group: ["a", "a", "a", "b", "b", "b", "c", "c", "c", "d", "d", "d"],
 *   predictors: { moderator: { values: [..."nnnnnnyyyyyy"], reference: "n" } },
 * });
 * assert(!isUnavailable(model));
 * assert(model.coefficients[0]!.estimate > 0);
 * assert.deepEqual(model.thresholds.map(({ value }) => value), [1, 2]);
 * ```
 */
export function fitCumulativeLinkMixedModel(
  data: ModelData,
  options: LinkModelOptions = {},
): CumulativeLinkMixedModel | Unavailable {
  const lists = Object.values(data.predictors).map(({ values }) => values);
  const used = data.outcome.filter((value, row) =>
    value !== null && lists.every((values) => values[row] !== null)
  );
  const values = [...new Set(used as readonly number[])].sort((a, b) => a - b);
  if (values.length < 2) return unavailable("the outcome does not vary");
  if (values.length > VALUES_MAX) {
    return unavailable(
      `the outcome has ${values.length} different values, and this model takes at most ${VALUES_MAX}`,
    );
  }
  const fit = fitLinkModel(data, values, options);
  if (isUnavailable(fit)) return fit;
  const thresholds = fit.thresholds.map(({ estimate, standardError }, k) => ({
    value: values[k]!,
    estimate,
    standardError,
  }));
  return { ...fit.model, thresholds };
}
