/** Fits cumulative logit models with a random intercept: the shared part of logistic and ordinal models. */
import { joinAlike } from "./alike_groups.ts";
import { type Coefficient, coefficient, type Combination, type TermTest, weightsOf } from "./coefficients.ts";
import { linkLikelihood } from "./cumulative_link.ts";
import { checkLevel, LEVEL, mean } from "./distributions.ts";
import { singularDesign } from "./grouped_design.ts";
import { blockOfEach, indexedRows, placesOf } from "./indexed.ts";
import { combined, dot, factor, inverseRows, lengthOf, orthonormalise, solve } from "./linear_algebra.ts";
import { modelInference, robustInference } from "./link_inference.ts";
import { type ModelData, modelMatrix } from "./model_matrix.ts";
import { type Derivatives, newton } from "./newton.ts";
import { isUnavailable, type Unavailable, unavailable } from "./unavailable.ts";

/** The search ends when a step promises a smaller gain in log-likelihood than this. */
const TOLERANCE = 1e-9;

/**
 * Numbers of nodes of the quadrature for each group. With each number is the largest deviation between groups
 * for which it is enough. If groups differ more, more nodes are needed: for exact standard errors, and for the
 * search to end.
 */
const QUADRATURES = [[9, 1.5], [19, 3], [41, Infinity]] as const;

/** A deviation between groups below this, in log odds, counts as 0. */
const SINGULAR = 1e-3;

/** If the deviation between groups is larger than this, in log odds, almost all groups have one value only. */
const DEVIATION_MAX = 25;

/** A standard error above this, in log odds per standard deviation of a predictor, comes from separation. */
const ERROR_MAX = 10;

/** The options of a logistic or cumulative logit model. */
export type LinkModelOptions = Readonly<{
  /**
   * `robust`: standard errors are valid even if rows of a block (or, without blocks, of a group) are alike in
   * ways that the model leaves out, such as random slopes. They come from a sandwich with the corrections of
   * CR2, and tests use Student's t. `model`: standard errors assume that the model is true, as in R's `glmer`
   * and `clmm`, and tests use the normal distribution. Default `robust`.
   */
  standardErrors?: "robust" | "model";
  /** Sums of coefficients to estimate, without thresholds and intercept. Default: none. */
  combinations?: readonly Combination[];
  /** The level of the intervals. Default 0.95. */
  level?: number;
}>;

/** The parts that logistic and cumulative logit models have in common. */
export type LinkModel = Readonly<{
  standardErrors: "robust" | "model";
  /** The number of rows in use, and the number of rows that are excluded because they lack a value. */
  rows: number;
  missing: number;
  groups: number;
  /** The number of blocks or, without blocks, of groups. */
  clusters: number;
  /** Differences in log odds. */
  coefficients: readonly Coefficient[];
  /**
   * The combinations that the options ask for, in their order, in log odds. A combination is left out if there
   * are too few clusters to know its standard error.
   */
  combinations: readonly Coefficient[];
  /** A test of each term. If standard errors are robust, it is approximate Hotelling's T², else Wald's χ². */
  terms: readonly TermTest[];
  /** The variance between groups, in squared log odds. It can be 0. */
  groupVariance: number;
  /** The share of the variance of the latent, continuous value that lies between groups. */
  icc: number;
  logLikelihood: number;
  /** The means that were subtracted from centred covariates, by name. */
  centres: Readonly<Record<string, number>>;
}>;

/** A fitted model and its thresholds. A logistic model shows its only threshold as an intercept. */
export type LinkFit = Readonly<{ model: LinkModel; thresholds: readonly Coefficient[] }>;

/**
 * Fits a model of ordered categories.
 *
 * @param data The data of the model. Each value of the outcome is a category.
 * @param categories All categories that occur, from the lowest.
 */
export function fitLinkModel(
  data: ModelData,
  categories: readonly number[],
  { standardErrors = "robust", level = LEVEL, combinations = [] }: LinkModelOptions,
): LinkFit | Unavailable {
  checkLevel(level);
  const matrix = modelMatrix(data);
  if (isUnavailable(matrix)) return matrix;
  const { rows, centres } = matrix;
  const names = matrix.names.slice(1);
  const [n, p, thresholds] = [rows.length, names.length, categories.length - 1];
  if (n <= p + thresholds) return unavailable(`${n} rows are too few for ${p + thresholds} coefficients`);
  const group = indexedRows(data.group, rows);
  const clusters = data.block === undefined ? group : indexedRows(data.block, rows);
  if (clusters.count < 2) return unavailable("all rows are in one cluster");
  const clusterOf = blockOfEach(group, clusters, (row) => data.group[rows[row]!]!);
  if (isUnavailable(clusterOf)) return clusterOf;
  const { starts, places: order } = placesOf(group.indices, group.count);
  const sorted = (column: ArrayLike<number>) => Float64Array.from(order, (place) => column[place]!);
  const category = Int32Array.from(order, (place) => categories.indexOf(data.outcome[rows[place]!]!));
  if (
    starts.every((start, at) => at === group.count || isConstant(category.subarray(start, starts[at + 1])))
  ) {
    return unavailable("the outcome does not vary within groups");
  }
  const means = matrix.columns.slice(1).map(mean);
  const centred = matrix.columns.slice(1).map((column, j) =>
    sorted(column).map((value) => value - means[j]!)
  );
  const factored = orthonormalise(centred, matrix.columns.slice(1).map(lengthOf));
  if (typeof factored === "number") return unavailable(singularDesign(names[factored]!));
  const scale = Math.sqrt(n);
  const columns = factored.q.map((column) => column.map((value) => value * scale));
  const rowsOfGroups = joinAlike({ category, categories: categories.length, columns, starts });
  const tried = QUADRATURES.values().map(([nodes, deviationMax]) => {
    const likelihood = linkLikelihood(rowsOfGroups, nodes);
    const found = newton(likelihood, startAt(category, thresholds, p), TOLERANCE);
    const isEnough = found.converged && Math.abs(found.at.at(-1)!) <= deviationMax;
    return { likelihood, found, isEnough, problem: problemOf(found.converged, found.at, found.derivatives) };
  });
  const fit = tried.find(({ isEnough, problem }) =>
    isEnough || (problem !== undefined && problem !== ENDLESS)
  );
  if (fit === undefined) return unavailable(ENDLESS);
  const { likelihood, found, problem } = fit;
  if (problem !== undefined) return unavailable(problem);

  const size = found.at.length;
  const slopes = inverseRows(factored.r).map((row) => {
    const contrast = new Float64Array(size);
    contrast.set(row.map((value) => value * scale), thresholds);
    return contrast;
  });
  const cuts = Array.from({ length: thresholds }, (_, k) => {
    const contrast = new Float64Array(size);
    contrast[k] = 1;
    for (const [j, slope] of slopes.entries()) {
      for (let i = 0; i < size; i++) contrast[i]! += means[j]! * slope[i]!;
    }
    return contrast;
  });
  const inference = standardErrors === "model"
    ? modelInference(found.derivatives, found.at)
    : robustInference({ at: found.at, likelihood, clusterOf, clusters: clusters.count });
  const figures: Coefficient[] = [];
  const estimated = (name: string, contrast: Float64Array) => {
    const { standardError, df } = inference.of(contrast);
    if (!(standardError > 0) || !(df === null || df > 0)) return null;
    const ofStudent = df === null ? null : Math.max(1, df);
    return coefficient({ name, estimate: dot(contrast, found.at), standardError, df: ofStudent }, level);
  };
  for (const [j, contrast] of [...cuts, ...slopes].entries()) {
    const name = j < thresholds ? String(categories[j]) : names[j - thresholds]!;
    const figure = estimated(name, contrast);
    if (figure === null) {
      return unavailable(`${clusters.count} clusters are too few to know the standard error of "${name}"`);
    }
    figures.push(figure);
  }
  const deviation = Math.abs(found.at[size - 1]!);
  const groupVariance = deviation < SINGULAR ? 0 : deviation ** 2;
  return {
    thresholds: figures.slice(0, thresholds),
    model: {
      standardErrors,
      rows: n,
      missing: data.outcome.length - n,
      groups: group.count,
      clusters: clusters.count,
      coefficients: figures.slice(thresholds),
      combinations: combinations.flatMap((one) =>
        estimated(one.name, combined(slopes, weightsOf(one, names))) ?? []
      ),
      terms: matrix.terms.map(({ term, places }) => ({
        term,
        test: inference.together(places.map((place) => slopes[place - 1]!)),
      })),
      groupVariance,
      icc: groupVariance / (groupVariance + Math.PI ** 2 / 3),
      logLikelihood: -found.derivatives.value,
      centres,
    },
  };
}

const isConstant = (category: Int32Array) => category.every((of) => of === category[0]);

/** The start of the search: the thresholds of a model without predictors, and a deviation between groups of 1. */
function startAt(category: Int32Array, thresholds: number, p: number): Float64Array {
  const start = new Float64Array(thresholds + p + 1);
  for (let k = 0; k < thresholds; k++) {
    const share = category.filter((of) => of <= k).length / category.length;
    start[k] = Math.log(share / (1 - share));
  }
  start[start.length - 1] = 1;
  return start;
}

const ENDLESS = "the search for the likeliest model does not end";

function problemOf(converged: boolean, at: Float64Array, { hessian }: Derivatives): string | undefined {
  const size = at.length;
  if (Math.abs(at[size - 1]!) > DEVIATION_MAX) return "almost all groups have one value of the outcome only";
  const l = hessian.slice();
  const isCertain = Number.isFinite(factor(l, size)) && at.every((_, j) => {
    const unit = new Float64Array(size);
    unit[j] = 1;
    return Math.sqrt(solve(l, unit)[j]!) < ERROR_MAX;
  });
  if (!isCertain) {
    return "the predictors separate the values of the outcome: a combination of them has one value only, so an odds ratio is infinite";
  }
  if (!converged) return ENDLESS;
}
