/**
 * The likelihood of a random-intercept model as a function of one number, the ratio λ of the variance between groups to the
 * residual variance. Given λ, coefficients and residual variance have closed forms (Lindstrom and Bates 1988).
 *
 * The columns of the design become orthonormal, X = QR, and are summed within groups. Groups of equal size enter the
 * likelihood alike, so their cross-products are summed once. The time for one λ does not grow with the number of rows.
 */
import { inverse, Matrix, QrDecomposition } from "npm:ml-matrix@6.15.1";
import { type Unavailable, unavailable } from "./unavailable.ts";

/** A column depends on the columns before it when at most this share of its length is orthogonal to them. */
const SINGULAR = 1e-10;

/** If a smaller length is orthogonal, the coefficients are too large to compute with. */
const LENGTH_MIN = 1e-50;

type SizeClass = Readonly<{
  /** Rows in each of the groups. */
  size: number;
  groups: readonly number[];
  /** Σ s sᵀ over the groups, where s is the group's sum of the rows of Q: p × p, row by row. */
  crossProducts: Float64Array;
}>;

/** A design without outcomes. */
export type GroupedDesign = Readonly<{
  names: readonly string[];
  rows: number;
  groups: number;
  /** The group of each row, as an index. */
  groupOf: Int32Array;
  /** The columns of Q, each as long as the rows. */
  orthonormal: readonly Float64Array[];
  /** The groups' sums of the rows of Q: groups × p. */
  groupSums: Matrix;
  sizes: readonly SizeClass[];
  /** The rows of R⁻¹: each coefficient of X as weights of the coefficients of Q. */
  contrasts: readonly Float64Array[];
  /** 2 log |det R| = log det XᵀX. */
  logDeterminant: number;
}>;

export function groupedDesign(
  names: readonly string[],
  columns: readonly Float64Array[],
  group: readonly string[],
): GroupedDesign | Unavailable {
  const [rows, p] = [group.length, columns.length];
  if (rows <= p) return unavailable(`${rows} rows are too few for ${p} coefficients`);
  const indices = new Map<string, number>();
  const groupOf = Int32Array.from(group, (name) => {
    if (!indices.has(name)) indices.set(name, indices.size);
    return indices.get(name)!;
  });
  const groups = indices.size;
  if (groups === 1) {
    return unavailable("all rows are in one group, so the variance between groups cannot be estimated");
  }
  if (groups === rows) {
    return unavailable(
      "every group has one row, so the variance between groups cannot be separated from the residual variance",
    );
  }

  const x = new Matrix(rows, p);
  for (const [j, column] of columns.entries()) {
    for (let row = 0; row < rows; row++) x.set(row, j, column[row]!);
  }
  const decomposition = new QrDecomposition(x);
  const r = decomposition.upperTriangularMatrix;
  const dependent = columns.findIndex((column, j) =>
    !(Math.abs(r.get(j, j)) > Math.max(SINGULAR * Math.sqrt(squareOf(column)), LENGTH_MIN))
  );
  if (dependent !== -1) {
    const name = names[dependent];
    return unavailable(
      `the design is singular: the columns before "${name}" determine it (an empty cell, or a repeated predictor)`,
    );
  }

  const q = decomposition.orthogonalMatrix;
  const groupSums = Matrix.zeros(groups, p);
  const counts = new Int32Array(groups);
  for (const [row, index] of groupOf.entries()) {
    counts[index]!++;
    for (let j = 0; j < p; j++) groupSums.set(index, j, groupSums.get(index, j) + q.get(row, j));
  }
  // The trace of Zᵀ(I − QQᵀ)Z, where Z has an indicator column for each group, is zero when X determines Z.
  const left = counts.reduce((sum, count, index) => sum + count - squareOf(groupSums.getRow(index)), 0);
  if (left <= SINGULAR * rows) {
    return unavailable(
      `the predictors identify each of the ${groups} groups, so the variance between groups cannot be estimated`,
    );
  }
  return {
    names,
    rows,
    groups,
    groupOf,
    orthonormal: columns.map((_, j) => Float64Array.from(q.getColumn(j))),
    groupSums,
    sizes: sizeClasses(counts, groupSums),
    contrasts: inverse(r).to2DArray().map((row) => Float64Array.from(row)),
    logDeterminant: 2 * r.diagonal().reduce((sum, entry) => sum + Math.log(Math.abs(entry)), 0),
  };
}

function squareOf(vector: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i]! ** 2;
  return sum;
}

function sizeClasses(counts: Int32Array, groupSums: Matrix): SizeClass[] {
  return [...new Set(counts)].map((size) => {
    const groups = [...counts.keys()].filter((index) => counts[index] === size);
    const sums = groupSums.selection(groups, [...Array(groupSums.columns).keys()]);
    return { size, groups, crossProducts: Float64Array.from(sums.transpose().mmul(sums).to1DArray()) };
  });
}

/** REML (restricted maximum likelihood) makes variances less biased; ML can compare models with different fixed effects. */
export type Method = "REML" | "ML";

/** The model at one ratio λ. */
export type Profile = Readonly<{
  ratio: number;
  /** log det(V / σ²); with REML plus log det(σ² XᵀV⁻¹X). */
  logDeterminants: number;
  /** (y − Xβ)ᵀ V⁻¹ (y − Xβ) σ², the weighted sum of squares. */
  residualSquares: number;
  /** The coefficients of Q. */
  coefficients: Float64Array;
  /** c ↦ cᵀ (QᵀV⁻¹Q)⁻¹ c / σ²: the variance of a contrast, in residual variances. */
  unitVariance: (contrast: Float64Array) => number;
}>;

/** An outcome on a design, reduced to the sums that the likelihood needs. */
type GroupedOutcome = Readonly<{
  /** Qᵀy: the coefficients of ordinary least squares. */
  projection: Float64Array;
  /** The sum of squares of the residuals of ordinary least squares. */
  squares: number;
  /** For each class of sizes: Σ s t and Σ t², where t is a group's sum of the residuals, and s as in {@linkcode SizeClass}. */
  classes: readonly Readonly<{ sums: Float64Array; squares: number }>[];
}>;

/** Reduces an outcome, one value per row, on a design. */
export function groupedOutcome(design: GroupedDesign, outcome: ArrayLike<number>): GroupedOutcome {
  const { rows, groups, groupOf, orthonormal, groupSums, sizes } = design;
  const residuals = Float64Array.from(outcome);
  const projection = Float64Array.from(orthonormal, (column) => {
    let product = 0;
    for (let row = 0; row < rows; row++) product += column[row]! * outcome[row]!;
    return product;
  });
  for (const [j, column] of orthonormal.entries()) {
    for (let row = 0; row < rows; row++) residuals[row]! -= projection[j]! * column[row]!;
  }
  const totals = new Float64Array(groups);
  let squares = 0;
  for (let row = 0; row < rows; row++) {
    totals[groupOf[row]!]! += residuals[row]!;
    squares += residuals[row]! ** 2;
  }
  const classes = sizes.map((size) => {
    const sums = new Float64Array(orthonormal.length);
    let ofTotals = 0;
    for (const group of size.groups) {
      ofTotals += totals[group]! ** 2;
      for (let j = 0; j < orthonormal.length; j++) {
        sums[j]! += groupSums.get(group, j) * totals[group]!;
      }
    }
    return { sums, squares: ofTotals };
  });
  return { projection, squares, classes };
}

/** The model at a ratio λ ≥ 0. For a group of n rows, V⁻¹ σ² = I − λ / (1 + nλ) · 11ᵀ. */
export function profile(
  design: GroupedDesign,
  outcome: GroupedOutcome,
  ratio: number,
  method: Method,
): Profile {
  const p = design.names.length;
  const information = new Float64Array(p * p);
  const score = new Float64Array(p);
  let squares = outcome.squares;
  let logDeterminants = method === "REML" ? design.logDeterminant : 0;
  for (let j = 0; j < p; j++) information[j * p + j] = 1;
  for (const [index, { size, groups, crossProducts }] of design.sizes.entries()) {
    const weight = ratio / (1 + size * ratio);
    const { sums, squares: ofTotals } = outcome.classes[index]!;
    for (let entry = 0; entry < p * p; entry++) information[entry]! -= weight * crossProducts[entry]!;
    for (let j = 0; j < p; j++) score[j]! -= weight * sums[j]!;
    squares -= weight * ofTotals;
    logDeterminants += groups.length * Math.log1p(size * ratio);
  }
  const ofInformation = factor(information, p);
  if (method === "REML") logDeterminants += ofInformation;
  const steps = solve(information, score);
  return {
    ratio,
    logDeterminants,
    residualSquares: squares - dot(score, steps),
    coefficients: steps.map((step, j) => step + outcome.projection[j]!),
    unitVariance: (contrast) => dot(contrast, solve(information, contrast)),
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, j) => sum + value * b[j]!, 0);
}

/** The degrees of freedom of the residual variance. REML subtracts the number of coefficients. */
export function varianceDivisor(design: GroupedDesign, method: Method): number {
  return method === "REML" ? design.rows - design.names.length : design.rows;
}

/** The profile log-likelihood. With REML it includes log det XᵀV⁻¹X, as in statsmodels and lme4. */
export function logLikelihood(design: GroupedDesign, at: Profile, method: Method): number {
  const divisor = varianceDivisor(design, method);
  return -(divisor * (Math.log(2 * Math.PI * at.residualSquares / divisor) + 1) + at.logDeterminants) / 2;
}

/**
 * Factors a symmetric, positive definite matrix in place, A = LLᵀ. Simulations call it many thousands of times.
 *
 * @param a The matrix, p × p row by row; its lower triangle becomes L.
 * @returns log det A; NaN when A is not positive definite.
 */
export function factor(a: Float64Array, p: number): number {
  let logDeterminant = 0;
  for (let i = 0; i < p; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = a[i * p + j]!;
      for (let k = 0; k < j; k++) rest -= a[i * p + k]! * a[j * p + k]!;
      if (i === j) {
        a[i * p + i] = Math.sqrt(rest);
        logDeterminant += Math.log(rest);
      } else a[i * p + j] = rest / a[j * p + j]!;
    }
  }
  return logDeterminant;
}

/** Solves Ax = b, with the L of {@linkcode factor}. */
export function solve(l: Float64Array, b: Float64Array): Float64Array {
  const p = b.length;
  const x = b.slice();
  for (let i = 0; i < p; i++) {
    for (let k = 0; k < i; k++) x[i]! -= l[i * p + k]! * x[k]!;
    x[i]! /= l[i * p + i]!;
  }
  for (let i = p - 1; i >= 0; i--) {
    for (let k = i + 1; k < p; k++) x[i]! -= l[k * p + i]! * x[k]!;
    x[i]! /= l[i * p + i]!;
  }
  return x;
}
