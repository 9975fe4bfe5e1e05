/** Standard errors and tests of models that are fitted by maximum likelihood. */
import { EigenvalueDecomposition, Matrix } from "npm:ml-matrix@6.15.1";
import { degreesOfFreedom, hotelling, robustDesign, rootOfFree } from "./cluster_robust.ts";
import { type TermTest, upperChiSquare } from "./coefficients.ts";
import type { linkLikelihood } from "./cumulative_link.ts";
import type { Indexed } from "./indexed.ts";
import { dot, factor, solve, solveLower } from "./linear_algebra.ts";
import type { Derivatives } from "./newton.ts";

/** With more clusters, small-sample corrections are left out, because they hardly change robust tests. */
const CORRECTED_CLUSTERS_MAX = 400;

/** The tests of a fit. A contrast is a vector with one weight for each parameter. */
export type Inference = Readonly<{
  of(contrast: Float64Array): Readonly<{ standardError: number; df: number | null }>;
  together(contrasts: readonly Float64Array[]): TermTest["test"];
}>;

/** Tests that assume that the model is true. They use the inverse of the information, and the normal distribution. */
export function modelInference({ hessian }: Derivatives, at: Float64Array): Inference {
  const l = hessian.slice();
  factor(l, at.length);
  return waldInference((contrast) => solve(l, contrast), at);
}

/**
 * Tests by the normal distribution and χ². They need the function c ↦ V c, where V is the parameters'
 * covariance matrix.
 */
function waldInference(
  covarianceTimes: (contrast: Float64Array) => Float64Array,
  at: Float64Array,
): Inference {
  return {
    of: (contrast) => ({ standardError: Math.sqrt(dot(contrast, covarianceTimes(contrast))), df: null }),
    together(contrasts) {
      const q = contrasts.length;
      const covariance = contrasts.map(covarianceTimes);
      const l = Float64Array.from(contrasts.flatMap((a) => covariance.map((b) => dot(a, b))));
      factor(l, q);
      const estimates = Float64Array.from(contrasts, (contrast) => dot(contrast, at));
      const statistic = dot(estimates, solve(l, estimates)) / q;
      return { statistic, coefficients: q, df: null, p: upperChiSquare(statistic * q, q) };
    },
  };
}

/** A fit whose groups are nested in clusters. */
export type ClusteredFit = Readonly<{
  at: Float64Array;
  likelihood: ReturnType<typeof linkLikelihood>;
  /** The cluster of each group. */
  clusterOf: Int32Array;
  clusters: number;
}>;

/**
 * Robust tests by the sandwich of the clusters' scores. The parameters are transformed so that the information
 * is the identity matrix. A cluster's information then plays the role that QᵀQ of a cluster has in a linear
 * model. So the methods of CR2 and its degrees of freedom can be used.
 */
export function robustInference({ at, likelihood, clusterOf, clusters }: ClusteredFit): Inference {
  const size = at.length;
  const scores = Array.from({ length: clusters }, () => new Float64Array(size));
  const isCorrected = clusters <= CORRECTED_CLUSTERS_MAX;
  const parts = isCorrected ? scores.map(() => new Float64Array(size * size)) : [];
  const l = new Float64Array(size * size);
  likelihood(at, (group, { gradient, hessian }) => {
    const cluster = clusterOf[group]!;
    for (let j = 0; j < size; j++) scores[cluster]![j]! -= gradient[j]!;
    for (let j = 0; j < l.length; j++) l[j]! += hessian[j]!;
    if (isCorrected) { for (let j = 0; j < l.length; j++) parts[cluster]![j]! += hessian[j]!; }
  });
  factor(l, size);
  const standard = (vector: Float64Array) => solveLower(l, vector);
  if (!isCorrected) {
    const correction = clusters / (clusters - 1);
    const times = (contrast: Float64Array) => {
      const solved = solve(l, contrast);
      const sum = new Float64Array(size);
      for (const score of scores) {
        const weight = correction * dot(score, solved);
        for (let j = 0; j < size; j++) sum[j]! += weight * score[j]!;
      }
      return solve(l, sum);
    };
    return waldInference(times, at);
  }
  const stacked = Array.from({ length: size }, () => new Float64Array(clusters * size));
  const adjusted = scores.map((score, cluster) => {
    const information = standardised(parts[cluster]!, l, size);
    const root = rootOf(information);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) stacked[j]![cluster * size + i] = root.get(i, j);
    }
    return rootOfFree(information).mmul(Matrix.columnVector(standard(score))).getColumn(0);
  });
  const indices = Int32Array.from(stacked[0]!, (_, row) => Math.floor(row / size));
  const ofClusters: Indexed = { indices, count: clusters, firsts: new Int32Array(0) };
  const robust = robustDesign(stacked, ofClusters);
  const covariance = [...at.keys()].map((j) =>
    Float64Array.from(at, (_, i) => adjusted.reduce((sum, score) => sum + score[i]! * score[j]!, 0))
  );
  // The coordinates of the estimates after the transformation: c at = (L⁻¹ c)ᵀ (Lᵀ at).
  const projection = Float64Array.from(at, (_, j) => {
    let sum = 0;
    for (let i = j; i < size; i++) sum += l[i * size + j]! * at[i]!;
    return sum;
  });
  return {
    of(contrast) {
      const c = standard(contrast);
      const variance = dot(covariance.map((row) => dot(row, c)), c);
      return { standardError: Math.sqrt(variance), df: degreesOfFreedom(robust, c) };
    },
    together: (contrasts) => hotelling(robust, contrasts.map(standard), { covariance, projection }),
  };
}

/** L⁻¹ A L⁻ᵀ. Only the lower triangle of A is read. */
function standardised(a: Float64Array, l: Float64Array, p: number): Matrix {
  const half = Array.from(
    { length: p },
    (_, j) =>
      solveLower(l, Float64Array.from({ length: p }, (_, i) => a[Math.max(i, j) * p + Math.min(i, j)]!)),
  );
  return new Matrix(
    Array.from({ length: p }, (_, i) => solveLower(l, Float64Array.from(half, (column) => column[i]!))),
  );
}

/** The square root of a symmetric matrix. Negative eigenvalues count as 0. */
function rootOf(matrix: Matrix): Matrix {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, {
    assumeSymmetric: true,
  });
  const roots = Matrix.diag(realEigenvalues.map((value) => Math.sqrt(Math.max(0, value))));
  return eigenvectorMatrix.mmul(roots).mmul(eigenvectorMatrix.transpose());
}
