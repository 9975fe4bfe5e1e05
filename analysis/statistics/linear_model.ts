/** Linear models of one value per discussion, with standard errors that allow for clusters and unequal variances. */
import { degreesOfFreedom, hotelling, type Robust, robustDesign } from "./cluster_robust.ts";
import { type Coefficient, coefficient, type TermTest } from "./coefficients.ts";
import { checkLevel, LEVEL } from "./distributions.ts";
import { singularDesign } from "./grouped_design.ts";
import { type Indexed, indexedRows } from "./indexed.ts";
import { dot, inverseRows, lengthOf, orthonormalise, withoutMeans } from "./linear_algebra.ts";
import { type ModelData, type ModelMatrix, modelMatrix } from "./model_matrix.ts";
import { isUnavailable, type Unavailable, unavailable } from "./unavailable.ts";

/** A residual sum of squares below this share of the outcome's sum of squares is only rounding. */
const ROUNDING = 1e-20;

/**
 * A column does not vary within blocks if less than this share of its length remains after subtracting block
 * means.
 */
const VARYING_MIN = 1e-10;

/** The options of a linear model. */
export type LinearModelOptions = Readonly<{
  /**
   * Whether each block has an intercept of its own. If so, only differences within blocks count, and
   * differences between blocks contribute nothing to the estimates. Default: true if the data have blocks.
   */
  blockEffects?: boolean;
  /** The level of the intervals. Default 0.95. */
  level?: number;
}>;

/** A fitted linear model. */
export type LinearModel = Readonly<{
  /** The number of rows in use, and the number of rows that are excluded because they lack a value. */
  rows: number;
  missing: number;
  /** The number of clusters. The clusters are the blocks or, without blocks, the groups. */
  clusters: number;
  /** The coefficients, without an intercept if each block has its own. */
  coefficients: readonly Coefficient[];
  /** A test of each term: approximate Hotelling's T² (Pustejovsky and Tipton 2018), as `Wald_test` of clubSandwich. */
  terms: readonly TermTest[];
  residualVariance: number;
  /** The means that were subtracted from centred covariates, by name. */
  centres: Readonly<Record<string, number>>;
}>;

/**
 * Fits a linear model by ordinary least squares. The rows of a block form a cluster. Without blocks, the rows
 * of a group do.
 *
 * @param data One row per discussion, usually with its replicate as its block. Rows that lack a value are excluded.
 * @throws RangeError when lists differ in length, a term names an unknown predictor, or the level is not between 0 and 1.
 *
 * @example
 * ```ts
 * import { fitLinearModel, isUnavailable } from "../mod.ts";
 * import assert from "node:assert/strict";
 *
 * const model = fitLinearModel({
 *   outcome: [1, 3, 2, 5, 4, 6],
 *   group: ["a0", "a1", "b0", "b1", "c0", "c1"],
 *   block: ["a", "a", "b", "b", "c", "c"],
 *   predictors: { moderator: { values: ["no", "yes", "no", "yes", "no", "yes"], reference: "no" } },
 * });
 * assert(!isUnavailable(model));
 * const [moderator] = model.coefficients;
 * assert.equal(moderator!.estimate.toFixed(4), "2.3333");
 * assert.equal(moderator!.df!.toFixed(4), "2.0000");
 * ```
 */
export function fitLinearModel(data: ModelData, options: LinearModelOptions = {}): LinearModel | Unavailable {
  const { blockEffects = data.block !== undefined, level = LEVEL } = options;
  checkLevel(level);
  const matrix = modelMatrix(data);
  if (isUnavailable(matrix)) return matrix;
  const { rows, centres } = matrix;
  const made = designOf(data, matrix, blockEffects);
  if (isUnavailable(made)) return made;
  const { design, clusters, free, q, contrasts, robust, degrees, demeaned } = made;
  const outcome = demeaned(Float64Array.from(rows, (row) => data.outcome[row]!));
  const projection = Float64Array.from(q, (column) => dot(column, outcome));
  const residuals = outcome.slice();
  for (const [j, column] of q.entries()) {
    for (let row = 0; row < residuals.length; row++) residuals[row]! -= projection[j]! * column[row]!;
  }
  const squares = dot(residuals, residuals);
  if (squares <= ROUNDING * rows.reduce((sum, row) => sum + data.outcome[row]! ** 2, 0)) {
    return unavailable("the outcome does not vary beyond what the predictors determine");
  }

  const scores = robust.adjusted.map((column) => {
    const sums = new Float64Array(clusters.count);
    for (let row = 0; row < residuals.length; row++) {
      sums[clusters.indices[row]!]! += column[row]! * residuals[row]!;
    }
    return sums;
  });
  const covariance = scores.map((a) => Float64Array.from(scores, (b) => dot(a, b)));
  const coefficients: Coefficient[] = [];
  for (const [j, contrast] of contrasts.entries()) {
    const name = design.names[j]!;
    const variance = dot(covariance.map((row) => dot(row, contrast)), contrast);
    const df = degrees[j]!;
    if (!(variance > ROUNDING * squares * dot(contrast, contrast)) || !(df > 0)) {
      return unavailable(`${clusters.count} clusters are too few to know the standard error of "${name}"`);
    }
    const figures = { name, estimate: dot(contrast, projection), standardError: Math.sqrt(variance) };
    // Degrees of freedom are at least 1; only rounding can make them smaller.
    coefficients.push(coefficient({ ...figures, df: Math.max(1, df) }, level));
  }
  return {
    rows: rows.length,
    missing: data.outcome.length - rows.length,
    clusters: clusters.count,
    coefficients,
    terms: design.terms.map(({ term, places }) => ({
      term,
      test: hotelling(robust, places.map((place) => contrasts[place]!), { covariance, projection }),
    })),
    residualVariance: squares / free,
    centres,
  };
}

/** The part of a model that does not depend on the outcome. */
type LinearDesign = Readonly<{
  design: ModelMatrix;
  clusters: Indexed;
  /** The degrees of freedom of the residuals. */
  free: number;
  q: readonly Float64Array[];
  /** Each coefficient as weights of the coefficients of Q, and its degrees of freedom. */
  contrasts: readonly Float64Array[];
  degrees: readonly number[];
  robust: Robust;
  /** Subtracts the means of the blocks if they have intercepts of their own. */
  demeaned: (column: Float64Array) => Float64Array;
}>;

type KnownDesign =
  & Pick<ModelData, "group" | "block">
  & Readonly<{ blockEffects: boolean; made: LinearDesign | Unavailable }>;

/** Outcomes of the same rows share a design. */
const DESIGNS = new WeakMap<ModelMatrix["columns"], KnownDesign[]>();

function designOf(
  data: ModelData,
  matrix: ModelMatrix,
  blockEffects: boolean,
): LinearDesign | Unavailable {
  const { group, block } = data;
  const designs = DESIGNS.get(matrix.columns) ?? [];
  DESIGNS.set(matrix.columns, designs);
  const known = designs.find((one) =>
    one.group === group && one.block === block && one.blockEffects === blockEffects
  );
  if (known !== undefined) return known.made;
  const made = madeDesign(data, matrix, blockEffects);
  designs.push({ group, block, blockEffects, made });
  return made;
}

function madeDesign(
  data: Pick<ModelData, "group" | "block">,
  matrix: ModelMatrix,
  blockEffects: boolean,
): LinearDesign | Unavailable {
  const { rows } = matrix;
  const clusters = indexedRows(data.block ?? data.group, rows);
  const absorbed = blockEffects && data.block !== undefined ? clusters : null;
  const design = absorbed === null ? matrix : withoutIntercept(matrix);
  const demeaned = (column: Float64Array) => absorbed === null ? column : withoutMeans(column, absorbed);
  const p = design.columns.length;
  if (p === 0) return unavailable("there are no coefficients: the blocks stand for the intercept");
  const free = rows.length - p - (absorbed?.count ?? 0);
  if (free < 1) {
    const ofBlocks = absorbed === null ? "" : ` and ${absorbed.count} blocks`;
    return unavailable(`${rows.length} rows are too few for ${p} coefficients${ofBlocks}`);
  }
  if (clusters.count < 2) return unavailable("all rows are in one cluster");
  const factored = orthonormalise(design.columns.map(demeaned), design.columns.map(lengthOf));
  if (typeof factored === "number") {
    const [name, column] = [design.names[factored]!, design.columns[factored]!];
    const isOfBlocks = absorbed !== null && lengthOf(demeaned(column)) < VARYING_MIN * lengthOf(column);
    return unavailable(isOfBlocks ? `"${name}" does not vary within blocks` : singularDesign(name));
  }
  const { q, r } = factored;
  const contrasts = inverseRows(r);
  const robust = robustDesign(q, clusters);
  const degrees = contrasts.map((contrast) => degreesOfFreedom(robust, contrast));
  return { design, clusters, free, q, contrasts, robust, degrees, demeaned };
}

function withoutIntercept({ names, columns, terms, ...rest }: ModelMatrix): ModelMatrix {
  const moved = terms.map(({ term, places }) => ({ term, places: places.map((place) => place - 1) }));
  return { ...rest, names: names.slice(1), columns: columns.slice(1), terms: moved };
}
