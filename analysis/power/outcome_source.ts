/** Fits a model to a pilot, and draws simulated outcomes from the model. */
import { TIME } from "../../core/experiment/analysis_design.ts";
import type { Draw } from "../../core/random/mod.ts";
import type { ModelUse } from "../outcomes/effects.ts";
import { type ModelContext, outcomeModelData } from "../outcomes/outcome_model_data.ts";
import { outcomeModels } from "../outcomes/outcome_models.ts";
import type { OutcomeValues } from "../outcomes/outcome_values.ts";
import type { Outcome } from "../outcomes/outcomes.ts";
import type { TestMethod } from "../outcomes/results.ts";
import { drawNormal } from "../statistics/distributions.ts";
import { indexedRows } from "../statistics/indexed.ts";
import { fitLinearModel } from "../statistics/linear_model.ts";
import { fitMixedModel } from "../statistics/mixed_model.ts";
import { modelMatrix } from "../statistics/model_matrix.ts";
import { isUnavailable, type Unavailable } from "../statistics/unavailable.ts";

/**
 * The kind of values that are drawn.
 *
 * - `comments`: one number for each comment, for tests in the unit of the outcome.
 * - `discussions`: one number for each discussion.
 * - `logistic`, `ordinal`: one category for each comment, for tests in log odds.
 */
export type SourceKind = "comments" | "discussions" | "logistic" | "ordinal";

/** A model whose true parameters are the pilot's estimates. It is plain data. */
export type OutcomeSource = Readonly<{
  kind: SourceKind;
  use: ModelUse;
  /** Name of a coefficient in models → its estimate in the pilot. */
  coefficients: Readonly<Record<string, number>>;
  /**
   * Variances: between replicates (`block`), between discussions (`intercept`), between the trends of
   * discussions (`slope`), and within discussions (`residual`). `correlation` is between a discussion's
   * intercept and its trend.
   */
  block: number;
  intercept: number;
  slope: number;
  correlation: number;
  residual: number;
  /**
   * The categories in rising order, and for each except the last, the log odds of this category or a lower one.
   * Both are empty if numbers are drawn.
   */
  categories: readonly number[];
  thresholds: readonly number[];
}>;

/** The kind of values that a test needs. */
export function kindFor(method: TestMethod, unit: Outcome["unit"]): SourceKind {
  if (method === "logistic-mixed-model") return "logistic";
  if (method === "ordinal-mixed-model") return "ordinal";
  return unit === "discussion" ? "discussions" : "comments";
}

/** Fits the model of an outcome to a pilot. `slopes` says whether each discussion has a trend of its own. */
export function fitSource(
  outcome: Outcome,
  context: ModelContext,
  { kind, use, slopes }: Readonly<{ kind: SourceKind; use: ModelUse; slopes: boolean }>,
): OutcomeSource | Unavailable {
  const nothing = { kind, use, ...NO_VARIANCE, categories: [], thresholds: [] };
  if (kind === "discussions") return discussionsSource(outcome, context, { ...nothing, kind });
  const models = outcomeModels(outcome, context);
  if (kind === "comments") {
    const model = models.fit(use, { method: "mixed-model", ...slopes ? { slopes } : {} });
    if (isUnavailable(model)) return model;
    if (model.method !== "mixed-model") throw new RangeError("Cannot simulate numbers from a link model");
    const { coefficients, variances: { block, intercept, slope, correlation, residual } } = model.fit;
    return {
      ...nothing,
      coefficients: byName(coefficients),
      block: block ?? 0,
      intercept,
      slope: slope ?? 0,
      correlation: correlation ?? 0,
      residual,
    };
  }
  const model = models.fit(use, { method: `${kind}-mixed-model` });
  if (isUnavailable(model)) return model;
  if (model.method === "logistic-mixed-model") {
    const { coefficients: [constant, ...coefficients], groupVariance } = model.fit;
    return {
      ...nothing,
      coefficients: byName(coefficients),
      intercept: groupVariance,
      categories: [0, 1],
      thresholds: [-constant!.estimate],
    };
  }
  if (model.method !== "ordinal-mixed-model") throw new RangeError("Cannot simulate categories from numbers");
  const { coefficients, groupVariance, thresholds } = model.fit;
  const greatest = outcome.values.values.reduce((most, value) => Math.max(most, value), -Infinity);
  return {
    ...nothing,
    coefficients: byName(coefficients),
    intercept: groupVariance,
    categories: [...thresholds.map(({ value }) => value), greatest],
    thresholds: thresholds.map(({ estimate }) => estimate),
  };
}

const NO_VARIANCE = { block: 0, intercept: 0, slope: 0, correlation: 0, residual: 0 } as const;

/** Fits a model of one value for each discussion. Replicates and discussions have random effects. */
function discussionsSource(
  { values }: Outcome,
  context: ModelContext,
  nothing: Omit<OutcomeSource, "coefficients">,
): OutcomeSource | Unavailable {
  const data = outcomeModelData(values, nothing.use, context);
  if (isUnavailable(data)) return data;
  const { block, ...unmatched } = data;
  if (block === undefined) {
    const fit = fitLinearModel(data);
    return isUnavailable(fit)
      ? fit
      : { ...nothing, coefficients: byName(fit.coefficients), residual: fit.residualVariance };
  }
  const fit = fitMixedModel({ ...unmatched, group: block });
  if (isUnavailable(fit)) return fit;
  const { intercept, residual } = fit.variances;
  return { ...nothing, coefficients: byName(fit.coefficients), block: intercept, residual };
}

function byName(
  coefficients: readonly Readonly<{ name: string; estimate: number }>[],
): Readonly<Record<string, number>> {
  return Object.fromEntries(coefficients.map(({ name, estimate }) => [name, estimate]));
}

/** Draws the values of all discussions of one experiment. */
export type DrawValues = (draw: Draw) => OutcomeValues;

/**
 * Makes a function that draws the values of an outcome.
 *
 * @param values They say how many values are drawn for each discussion, and for which times and positions. The
 *   values themselves are replaced.
 * @param context The discussions of the simulated experiment.
 */
export function drawsOf(
  source: OutcomeSource,
  values: Outcome["values"],
  context: ModelContext,
): DrawValues | Unavailable {
  const data = outcomeModelData(values, source.use, context);
  if (isUnavailable(data)) return data;
  const matrix = modelMatrix(data);
  if (isUnavailable(matrix)) return matrix;
  const { rows, names, columns, centres } = matrix;
  const expected = new Float64Array(rows.length);
  for (const [j, name] of names.entries()) {
    const own = source.coefficients[name] ?? 0;
    for (const [row, value] of columns[j]!.entries()) expected[row]! += own * value;
  }
  const groups = indexedRows(data.group, rows);
  const blocks = data.block === undefined ? null : indexedRows(data.block, rows);
  const times = source.slope === 0 ? null : Float64Array.from(
    rows,
    (row) => (data.predictors[TIME]!.values[row] as number) - (centres[TIME] ?? 0),
  );
  const { block, intercept, slope, correlation, residual } = source;
  const normals = (count: number, variance: number, draw: Draw) =>
    Float64Array.from({ length: count }, () => variance === 0 ? 0 : Math.sqrt(variance) * drawNormal(draw));
  return (draw) => {
    const ofBlocks = normals(blocks?.count ?? 0, block, draw);
    const ofGroups = normals(groups.count, 1, draw);
    const others = normals(groups.count, times === null ? 0 : 1, draw);
    const drawn = Float64Array.from(values.values);
    for (const [place, row] of rows.entries()) {
      const group = groups.indices[place]!;
      const level = expected[place]! + (blocks === null ? 0 : ofBlocks[blocks.indices[place]!]!) +
        Math.sqrt(intercept) * ofGroups[group]!;
      const own = correlation * ofGroups[group]! + Math.sqrt(1 - correlation ** 2) * others[group]!;
      const mean = level + (times === null ? 0 : Math.sqrt(slope) * own * times[place]!);
      drawn[row] = source.categories.length === 0
        ? mean + Math.sqrt(residual) * drawNormal(draw)
        : categoryOf(source, mean, draw.uniform());
    }
    return { ...values, values: drawn };
  };
}

/** The lowest category for which the probability of it or a lower category is above a uniform random number. */
function categoryOf(
  { categories, thresholds }: Pick<OutcomeSource, "categories" | "thresholds">,
  mean: number,
  uniform: number,
): number {
  const place = thresholds.findIndex((threshold) => uniform < 1 / (1 + Math.exp(mean - threshold)));
  return categories[place === -1 ? thresholds.length : place]!;
}
