/**
 * The likelihood of a linear mixed model as a function of θ, its relative deviations. For a given θ, the best
 * coefficients and the best residual variance can be computed directly (Lindstrom and Bates 1988; Bates et al.
 * 2015).
 *
 * θ begins with the Cholesky factor of the covariance matrix of a group's random effects, divided by the
 * residual standard deviation. With intercepts only, the factor is the number `[a]`. With slopes, it has the
 * rows (a, 0) and (b, c), written as `[a, b, c]`. If there are blocks, θ ends with the relative standard
 * deviation of blocks. Signs do not matter, so each number of θ can have any value.
 */
import { type OutcomeBlockSums, outcomeBlockSums, type ProfileSums, subtractBlocks } from "./block_sums.ts";
import type { GroupedDesign } from "./grouped_design.ts";
import { dot, factor, solve } from "./linear_algebra.ts";

/**
 * REML is restricted maximum likelihood, whose variances are less biased. ML is maximum likelihood, which can
 * compare models with different fixed effects.
 */
export type Method = "REML" | "ML";

/** The model at one θ. */
export type Profile = Readonly<{
  /** log det(V / σ²). With REML, log det(σ² XᵀV⁻¹X) is added. */
  logDeterminants: number;
  /** (y − Xβ)ᵀ V⁻¹ (y − Xβ) σ², the weighted sum of squares. */
  residualSquares: number;
  /** The coefficients of Q. */
  coefficients: Float64Array;
  /** b ↦ (QᵀV⁻¹Q)⁻¹ b / σ². */
  solve: (b: Float64Array) => Float64Array;
}>;

/** The sums of an outcome that the likelihood needs, for a given design. */
export type GroupedOutcome = Readonly<{
  /** Qᵀy: the coefficients of ordinary least squares. */
  projection: Float64Array;
  /** The sum of squares of the residuals of ordinary least squares. */
  squares: number;
  /** For each class: Σ of s times the residuals' sums, and Σ of their products, in the order of the class's products. */
  classes: readonly Readonly<{ sums: readonly Float64Array[]; squares: readonly number[] }>[];
  /** `null` without blocks. */
  blocks: OutcomeBlockSums | null;
}>;

/**
 * Computes the sums of an outcome for a design.
 *
 * @param outcome One value per row.
 */
export function groupedOutcome(design: GroupedDesign, outcome: ArrayLike<number>): GroupedOutcome {
  const { rows, groups, groupOf, orthonormal, groupSums, time } = design;
  const p = orthonormal.length;
  const residuals = Float64Array.from(outcome);
  const projection = Float64Array.from(orthonormal, (column) => dot(column, outcome));
  for (const [j, column] of orthonormal.entries()) {
    for (let row = 0; row < rows; row++) residuals[row]! -= projection[j]! * column[row]!;
  }
  const totals = groupSums.map(() => new Float64Array(groups));
  for (let row = 0; row < rows; row++) {
    totals[0]![groupOf[row]!]! += residuals[row]!;
    if (time !== null) totals[1]![groupOf[row]!]! += residuals[row]! * time.values[row]!;
  }
  const classes = design.classes.map(({ products }) => ({
    sums: products.map(() => new Float64Array(p)),
    squares: products.map(() => 0),
  }));
  const [first, second] = totals as [Float64Array, Float64Array | undefined];
  const [sums, timed] = groupSums as [Float64Array, Float64Array | undefined];
  for (let group = 0; group < groups; group++) {
    const of = classes[design.classOf[group]!]!;
    const r = first[group]!;
    of.squares[0]! += r * r;
    for (let j = 0; j < p; j++) of.sums[0]![j]! += sums[group * p + j]! * r;
    if (second !== undefined && timed !== undefined) {
      const t = second[group]!;
      of.squares[1]! += 2 * r * t;
      of.squares[2]! += t * t;
      for (let j = 0; j < p; j++) {
        of.sums[1]![j]! += sums[group * p + j]! * t + timed[group * p + j]! * r;
        of.sums[2]![j]! += timed[group * p + j]! * t;
      }
    }
  }
  const blocks = design.blockSums === null ? null : outcomeBlockSums(design.blockSums, totals, p);
  return { projection, squares: dot(residuals, residuals), classes, blocks };
}

/** The matrix K of a group. It gives the inverse of the group's covariance matrix: V⁻¹ σ² = I − Z K Zᵀ. */
export type GroupKernel = Readonly<{
  /** The entries of K: (0, 0), and with slopes also (0, 1) and (1, 1). */
  k: readonly number[];
  /** log det(V / σ²). */
  logDeterminant: number;
  /** The first row of I − ZᵀZ K, which has the weights of the group's sums in its block's sum. */
  weights: readonly [number, number];
  /** 1ᵀV⁻¹1 σ². */
  ones: number;
}>;

/** Computes the matrix K of a group with the cross-products ZᵀZ. */
export function groupKernel(
  [size, sum, squares]: readonly [number, number, number],
  theta: ArrayLike<number>,
  hasSlopes: boolean,
): GroupKernel {
  const a = theta[0]!;
  const [b, c] = hasSlopes ? [theta[1]!, theta[2]!] : [0, 0];
  const m00 = 1 + a * a * size + 2 * a * b * sum + b * b * squares;
  const m01 = c * (a * sum + b * squares);
  const m11 = 1 + c * c * squares;
  const determinant = m00 * m11 - m01 * m01;
  const k = [
    a * a * m11 / determinant,
    a * (b * m11 - c * m01) / determinant,
    (b * b * m11 - 2 * b * c * m01 + c * c * m00) / determinant,
  ] as const;
  const weights = [1 - size * k[0] - sum * k[1], -size * k[1] - sum * k[2]] as const;
  return {
    k: hasSlopes ? k : [k[0]],
    logDeterminant: hasSlopes ? Math.log(determinant) : Math.log1p(a * a * size),
    weights,
    ones: weights[0] * size + weights[1] * sum,
  };
}

/** The model at θ. */
export function profile(
  design: GroupedDesign,
  outcome: GroupedOutcome,
  theta: ArrayLike<number>,
  method: Method,
): Profile {
  const p = design.names.length;
  const hasSlopes = design.time !== null;
  const information = new Float64Array(p * p);
  const score = new Float64Array(p);
  const sums: ProfileSums = {
    information,
    score,
    squares: outcome.squares,
    logDeterminants: method === "REML" ? design.logDeterminant : 0,
  };
  for (let j = 0; j < p; j++) information[j * p + j] = 1;
  const kernels = design.classes.map(({ cross }) => groupKernel(cross, theta, hasSlopes));
  for (const [index, { groups, products }] of design.classes.entries()) {
    const { k, logDeterminant } = kernels[index]!;
    const of = outcome.classes[index]!;
    sums.logDeterminants += groups * logDeterminant;
    for (const [entry, weight] of k.entries()) {
      const product = products[entry]!;
      for (let j = 0; j < p; j++) {
        score[j]! -= weight * of.sums[entry]![j]!;
        for (let place = j * p; place <= j * p + j; place++) information[place]! -= weight * product[place]!;
      }
      sums.squares -= weight * of.squares[entry]!;
    }
  }
  if (design.blockSums !== null) {
    const ratio = theta[theta.length - 1]! ** 2;
    subtractBlocks(sums, design.blockSums, outcome.blocks!, { classes: kernels, ratio });
  }
  const ofInformation = factor(information, p);
  if (method === "REML") sums.logDeterminants += ofInformation;
  const steps = solve(information, score);
  return {
    logDeterminants: sums.logDeterminants,
    residualSquares: sums.squares - dot(score, steps),
    coefficients: steps.map((step, j) => step + outcome.projection[j]!),
    solve: (b) => solve(information, b),
  };
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
