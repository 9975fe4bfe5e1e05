/** Linear mixed models, in which rows of a discussion can be alike, and discussions of a replicate, too. */
import { type Coefficient, coefficient, type Combination, type TermTest, weightsOf } from "./coefficients.ts";
import { checkLevel, LEVEL } from "./distributions.ts";
import { type GroupedDesign, groupedDesign } from "./grouped_design.ts";
import { indexedRows } from "./indexed.ts";
import { combined, dot } from "./linear_algebra.ts";
import { deviationsOf, mostLikely } from "./most_likely.ts";
import { type ModelData, type ModelMatrix, modelMatrix } from "./model_matrix.ts";
import {
  groupedOutcome,
  logLikelihood,
  type Method,
  profile,
  varianceDivisor,
} from "./profile_likelihood.ts";
import { covariancePrecision, satterthwaiteDf, satterthwaiteF } from "./satterthwaite.ts";
import { isUnavailable, type Unavailable, unavailable } from "./unavailable.ts";

/** A residual sum of squares below this share of the outcome's sum of squares is only rounding. */
const ROUNDING = 1e-20;

/** The options of a mixed model. */
export type MixedModelOptions = Readonly<{
  /** Default REML. */
  method?: Method;
  /** The distribution of tests and intervals. Default: Student's t with Satterthwaite's degrees of freedom. */
  reference?: "satterthwaite" | "normal";
  /** A covariate that has its own slope in each group, correlated with the group's intercept. Default: none. */
  slope?: string;
  /** Sums of coefficients to estimate, each with its interval and test. Default: none. */
  combinations?: readonly Combination[];
  /** The level of the intervals. Default 0.95. */
  level?: number;
}>;

/** The variances of a mixed model, in the squared unit of the outcome. Each can be 0. */
export type Variances = Readonly<{
  /** Between blocks; `null` without blocks. */
  block: number | null;
  /**
   * Between groups of the same block. If groups have slopes, it is the variance where the (centred) covariate
   * is 0.
   */
  intercept: number;
  /** Between slopes, per squared unit of the covariate; `null` without slopes. */
  slope: number | null;
  /**
   * The correlation of a group's intercept and slope; `null` without slopes, or if intercepts or slopes do not
   * vary.
   */
  correlation: number | null;
  /** Within groups. */
  residual: number;
}>;

/** A fitted model. */
export type MixedModel = Readonly<{
  method: Method;
  /** The number of rows in use, and the number of rows that are excluded because they lack a value. */
  rows: number;
  missing: number;
  groups: number;
  /** The number of blocks; 0 without blocks. */
  blocks: number;
  coefficients: readonly Coefficient[];
  /** The combinations that the options ask for, in their order. */
  combinations: readonly Coefficient[];
  /** A test of each term, as `anova` of lmerTest. Empty if tests use the normal distribution. */
  terms: readonly TermTest[];
  /** The covariate that has its own slope in each group; `null` if there is none. */
  slope: string | null;
  variances: Variances;
  /**
   * Whether a variance is estimated as 0, or a correlation as 1 or −1. The data then do not support all random
   * effects.
   */
  singular: boolean;
  /**
   * The intraclass correlation: the share of the variance that lies between groups and blocks. If groups have
   * slopes, it is the share where the (centred) covariate is 0.
   */
  icc: number;
  logLikelihood: number;
  /** The number of variances and correlations, which `compareFits()` needs. */
  varianceParameters: number;
  /** The means that were subtracted from centred covariates, by name. */
  centres: Readonly<Record<string, number>>;
}>;

type DesignFit = Omit<MixedModel, "missing" | "centres" | "slope">;

/**
 * Fits a linear mixed model. Each group has a random intercept. If the data have blocks, each block has one,
 * too. If the options name a slope, each group also has a random slope.
 *
 * @param data The outcome, its groups, their blocks and the predictors. Rows that lack a value are excluded and counted.
 * @throws RangeError when lists differ in length, a term or the slope names an unknown predictor, a combination names an
 *   unknown coefficient, or the level is not between 0 and 1.
 *
 * @example
 * ```ts
 * import { fitMixedModel, isUnavailable } from "../mod.ts";
 * import assert from "node:assert/strict";
 *
 * const model = fitMixedModel({
 *   outcome: [1, 3, 2, 4, 5, 7, 4, 8],
 *   group: ["a", "a", "b", "b", "c", "c", "d", "d"],
 *   predictors: {
 *     moderator: { values: ["no", "no", "no", "no", "yes", "yes", "yes", "yes"], reference: "no" },
 *   },
 * });
 * assert(!isUnavailable(model));
 * assert.equal(model.coefficients[1]!.name, "moderator[yes]");
 * assert.equal(model.coefficients[1]!.estimate.toFixed(6), "3.500000");
 * ```
 */
export function fitMixedModel(data: ModelData, options: MixedModelOptions = {}): MixedModel | Unavailable {
  const slope = options.slope;
  if (
    slope !== undefined &&
    !("values" in (data.predictors[slope] ?? {}) && !("reference" in data.predictors[slope]!))
  ) {
    throw new RangeError(`Cannot give each group a slope of "${slope}": expected the name of a covariate`);
  }
  const matrix = modelMatrix(data);
  if (isUnavailable(matrix)) return matrix;
  const { terms, rows, centres } = matrix;
  const outcome = Float64Array.from(rows, (row) => data.outcome[row]!);
  const design = designOf(data, matrix, slope);
  if (isUnavailable(design)) return design;
  const fit = fitDesign(design, outcome, { ...options, terms });
  return isUnavailable(fit) ? fit : {
    ...fit,
    slope: slope ?? null,
    missing: data.outcome.length - rows.length,
    centres,
  };
}

/** Outcomes of the same rows have one design for each slope. */
const DESIGNS = new WeakMap<
  ModelMatrix["columns"],
  Readonly<
    Pick<ModelData, "group" | "block"> & { slope: string | undefined; design: GroupedDesign | Unavailable }
  >[]
>();

function designOf(
  { group, block, predictors }: ModelData,
  { names, columns, rows, centres }: ModelMatrix,
  slope: string | undefined,
): GroupedDesign | Unavailable {
  const made = DESIGNS.get(columns) ?? [];
  DESIGNS.set(columns, made);
  const known = made.find((one) => one.group === group && one.block === block && one.slope === slope);
  if (known !== undefined) return known.design;
  const slopeOf = (name: string) => (row: number) =>
    (predictors[name]!.values[row] as number) - (centres[name] ?? 0);
  const design = groupedDesign(names, columns, {
    group: indexedRows(group, rows),
    groupName: (row) => group[rows[row]!]!,
    ...block === undefined ? {} : { block: indexedRows(block, rows) },
    ...slope === undefined ? {} : { slope: { name: slope, column: Float64Array.from(rows, slopeOf(slope)) } },
  });
  made.push({ group, block, slope, design });
  return design;
}

type DesignFitOptions = Omit<MixedModelOptions, "slope"> & Readonly<{ terms?: ModelMatrix["terms"] }>;

/** Fits a model of an outcome with a prepared design, which simulations use for many outcomes. */
export function fitDesign(
  design: GroupedDesign,
  outcome: ArrayLike<number>,
  { method = "REML", reference = "satterthwaite", level = LEVEL, terms = [], combinations = [] }:
    DesignFitOptions = {},
): DesignFit | Unavailable {
  checkLevel(level);
  const reduced = groupedOutcome(design, outcome);
  if (reduced.squares <= ROUNDING * dot(outcome, outcome)) {
    return unavailable("the outcome does not vary beyond what the predictors determine");
  }
  const profileAt = (theta: ArrayLike<number>) => profile(design, reduced, theta, method);
  const theta = mostLikely(design, (at) => -2 * logLikelihood(design, profileAt(at), method));
  if (isUnavailable(theta)) return theta;

  const best = profileAt(theta);
  const divisor = varianceDivisor(design, method);
  const { contrasts } = design;
  const residual = best.residualSquares / divisor;
  const precision = reference === "normal"
    ? null
    : covariancePrecision(profileAt, theta, { contrasts, divisor });
  const estimated = (name: string, weights: Float64Array) => {
    const contrast = combined(contrasts, weights);
    return coefficient({
      name,
      estimate: dot(contrast, best.coefficients),
      standardError: Math.sqrt(residual * dot(contrast, best.solve(contrast))),
      df: precision === null ? null : satterthwaiteDf(precision, weights),
    }, level);
  };
  const coefficients = design.names.map((name, j) =>
    estimated(name, Float64Array.from(contrasts, (_, k) => k === j ? 1 : 0))
  );
  const variances = variancesOf(design, theta, residual);
  const between = variances.intercept + (variances.block ?? 0);
  return {
    method,
    rows: design.rows,
    groups: design.groups,
    blocks: design.blocks,
    coefficients,
    combinations: combinations.map((one) => estimated(one.name, weightsOf(one, design.names))),
    terms: precision === null
      ? []
      : terms.map(({ term, places }) => ({ term, test: satterthwaiteF(precision, coefficients, places) })),
    variances,
    singular: deviationsOf(design).some((place) => theta[place] === 0),
    icc: between / (between + residual),
    logLikelihood: logLikelihood(design, best, method),
    varianceParameters: theta.length + 1,
  };
}

function variancesOf({ time, blocks }: GroupedDesign, theta: Float64Array, residual: number): Variances {
  const block = blocks > 0 ? residual * theta.at(-1)! ** 2 : null;
  const [a, b, c] = theta as unknown as [number, number, number];
  if (time === null) return { block, intercept: residual * a ** 2, slope: null, correlation: null, residual };
  // θ belongs to the standardised covariate. The variance of the intercept is needed where the covariate itself
  // is 0, so the intercept's row of the factor is moved there.
  const moved = time.centre / time.deviation;
  const row = [a - moved * b, -moved * c] as const;
  const intercept = residual * (row[0] ** 2 + row[1] ** 2);
  const slope = residual * (b ** 2 + c ** 2) / time.deviation ** 2;
  const covariance = residual * (row[0] * b + row[1] * c) / time.deviation;
  const correlation = intercept > 0 && slope > 0
    ? Math.max(-1, Math.min(1, covariance / Math.sqrt(intercept * slope)))
    : null;
  return { block, intercept, slope, correlation, residual };
}
