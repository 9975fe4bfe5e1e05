/** Checks the assumptions of a linear mixed model about its outcome and its residuals. */
import { mean } from "./distributions.ts";
import { type Indexed, indexedRows } from "./indexed.ts";
import type { MixedModel } from "./mixed_model.ts";
import { type ModelData, modelMatrix } from "./model_matrix.ts";
import { groupKernel } from "./profile_likelihood.ts";
import { isUnavailable, type Unavailable } from "./unavailable.ts";

/**
 * If a larger share of values is at an end of the scale, this is a doubt: a floor or a ceiling (Terwee et al.
 * 2007).
 */
const END_SHARE_MAX = 0.15;

/**
 * A residual is an outlier if it is more residual standard deviations from 0. Of normal residuals, 0.27 % are
 * outliers.
 */
const OUTLIER = 3;

/** A larger share of outliers is a doubt. */
const OUTLIER_SHARE_MAX = 0.01;

/** A larger skewness is a doubt. */
const SKEWNESS_MAX = 1;

/** A reason to read a linear model's tests with care. */
export type Doubt = "floor" | "ceiling" | "skew" | "outliers";

/** The checks of a model. */
export type ResidualChecks = Readonly<{
  /**
   * The share of values at the lowest value of the scale, and at the highest; `null` if the scale has no such
   * limit.
   */
  floor: number | null;
  ceiling: number | null;
  /** The skewness of the residuals after subtracting random effects, too. It is 0 if they are symmetric. */
  skewness: number;
  /** The share of residuals beyond three residual standard deviations. */
  outliers: number;
  /**
   * Doubts: more than 15 % of values at an end of the scale, a skewness above 1 or below −1, more than 1 %
   * outliers.
   */
  doubts: readonly Doubt[];
}>;

/**
 * Checks the residuals of a fitted model. Fixed effects and predicted random effects are subtracted from the outcome.
 *
 * @param data The data that the model was fitted to.
 * @param scale The lowest and the highest value of the outcome's scale.
 */
export function residualChecks(
  data: ModelData,
  model: MixedModel,
  scale: Readonly<{ min?: number; max?: number }> = {},
): ResidualChecks | Unavailable {
  const matrix = modelMatrix(data);
  if (isUnavailable(matrix)) return matrix;
  const values = matrix.rows.map((row) => data.outcome[row]!);
  const shareAt = (end: number | undefined) =>
    end === undefined ? null : values.filter((value) => value === end).length / values.length;
  const residuals = residualsOf(data, model, matrix);
  const centre = mean(residuals);
  const second = mean(residuals.map((value) => (value - centre) ** 2));
  const skewness = mean(residuals.map((value) => (value - centre) ** 3)) / second ** 1.5;
  const limit = OUTLIER * Math.sqrt(model.variances.residual);
  const outliers = residuals.filter((value) => Math.abs(value) > limit).length / residuals.length;
  const [floor, ceiling] = [shareAt(scale.min), shareAt(scale.max)];
  const doubts: readonly (readonly [Doubt, boolean])[] = [
    ["floor", (floor ?? 0) > END_SHARE_MAX],
    ["ceiling", (ceiling ?? 0) > END_SHARE_MAX],
    ["skew", Math.abs(skewness) > SKEWNESS_MAX],
    ["outliers", outliers > OUTLIER_SHARE_MAX],
  ];
  return {
    floor,
    ceiling,
    skewness,
    outliers,
    doubts: doubts.flatMap(([doubt, holds]) => holds ? [doubt] : []),
  };
}

/** The outcome minus the fixed effects and the predicted random effects of its group and its block. */
function residualsOf(
  data: ModelData,
  { coefficients, variances, slope, centres }: MixedModel,
  { columns, rows }: Readonly<{ columns: readonly Float64Array[]; rows: readonly number[] }>,
): Float64Array {
  const residuals = Float64Array.from(rows, (row) => data.outcome[row]!);
  for (const [j, column] of columns.entries()) {
    for (let row = 0; row < residuals.length; row++) {
      residuals[row]! -= coefficients[j]!.estimate * column[row]!;
    }
  }
  const time = slope === null
    ? new Float64Array(rows.length)
    : Float64Array.from(rows, (row) =>
      (data.predictors[slope]!.values[row] as number) - (centres[slope] ?? 0));
  const group = indexedRows(data.group, rows);
  const block = data.block === undefined ? ALONE : indexedRows(data.block, rows);
  const [sizes, times, squares, totals, timed] = [0, 1, 2, 3, 4].map(() => new Float64Array(group.count)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let row = 0; row < residuals.length; row++) {
    const [of, t, r] = [group.indices[row]!, time[row]!, residuals[row]!];
    sizes[of]!++;
    times[of]! += t;
    squares[of]! += t * t;
    totals[of]! += r;
    timed[of]! += r * t;
  }
  const theta = thetaOf(variances);
  const ratio = (variances.block ?? 0) / variances.residual;
  const [ones, weighted] = [new Float64Array(block.count), new Float64Array(block.count)];
  const blockOf = group.firsts.map((row) => block.indices[row] ?? 0);
  const kernels = Array.from(sizes, (size, of) => {
    const kernel = groupKernel([size, times[of]!, squares[of]!], theta, slope !== null);
    ones[blockOf[of]!]! += kernel.ones;
    weighted[blockOf[of]!]! += kernel.weights[0] * totals[of]! + kernel.weights[1] * timed[of]!;
    return kernel.k;
  });
  const [intercepts, slopes] = [new Float64Array(group.count), new Float64Array(group.count)];
  for (const [of, k] of kernels.entries()) {
    const ofBlock = ratio * weighted[blockOf[of]!]! / (1 + ratio * ones[blockOf[of]!]!);
    const [total, ofTime] = [totals[of]! - ofBlock * sizes[of]!, timed[of]! - ofBlock * times[of]!];
    const [k00, k01 = 0, k11 = 0] = k as [number, number?, number?];
    intercepts[of] = ofBlock + k00 * total + k01 * ofTime;
    slopes[of] = k01 * total + k11 * ofTime;
  }
  for (let row = 0; row < residuals.length; row++) {
    const of = group.indices[row]!;
    residuals[row] = residuals[row]! - intercepts[of]! - slopes[of]! * time[row]!;
  }
  return residuals;
}

/** Without blocks, all groups are in one block, which has no variance. */
const ALONE: Indexed = { indices: new Int32Array(0), count: 1, firsts: new Int32Array(0) };

/** The relative deviations θ of a group's effects, for the covariate as the model uses it. */
function thetaOf({ intercept, slope, correlation, residual }: MixedModel["variances"]): readonly number[] {
  const [a, b] = [Math.sqrt(intercept / residual), Math.sqrt((slope ?? 0) / residual)];
  const shared = correlation ?? 0;
  return [a, shared * b, Math.sqrt(1 - shared ** 2) * b];
}
