/**
 * The likelihood of a random-intercept model as a function of one number, the ratio λ of the variance between groups to the
 * residual variance. Given λ, coefficients and residual variance have closed forms (Lindstrom and Bates 1988).
 */
import type { GroupedDesign } from "./grouped_design.ts";

/** Restricted maximum likelihood has unbiased variances; maximum likelihood can compare fixed effects. */
export type Method = "REML" | "ML";

/** The model at one ratio λ. */
export type Profile = Readonly<{
  ratio: number;
  /** log det V / σ²; with REML also log det XᵀV⁻¹X σ². */
  logDeterminants: number;
  /** (y − Xβ)ᵀ V⁻¹ (y − Xβ) σ², the weighted sum of squares. */
  residualSquares: number;
  /** The coefficients of Q. */
  coefficients: Float64Array;
  /** c ↦ cᵀ (QᵀV⁻¹Q)⁻¹ c / σ²: the variance of a contrast, in residual variances. */
  unitVariance: (contrast: Float64Array) => number;
}>;

/** An outcome on a design, reduced to what the likelihood needs. */
export type GroupedOutcome = Readonly<{
  /** Qᵀy: what ordinary least squares gives. */
  projection: Float64Array;
  /** The sum of squares of the residuals of ordinary least squares. */
  squares: number;
  /** For each class of sizes: Σ s t and Σ t², where t is the sum of residuals in a group. */
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

/** The degrees of freedom of the residual variance. REML subtracts the coefficients. */
export function varianceDivisor(design: GroupedDesign, method: Method): number {
  return method === "REML" ? design.rows - design.names.length : design.rows;
}

/** The profile log-likelihood. With REML it includes log det XᵀV⁻¹X, as in statsmodels and lme4. */
export function logLikelihood(design: GroupedDesign, at: Profile, method: Method): number {
  const divisor = varianceDivisor(design, method);
  return -(divisor * (Math.log(2 * Math.PI * at.residualSquares / divisor) + 1) + at.logDeterminants) / 2;
}

/**
 * Factors a symmetric, positive definite matrix in place, A = LLᵀ. Searches for variances do this many thousands of times.
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
