/**
 * Standard errors that are valid even if variances are unequal and rows of a cluster are alike. The method is
 * CR2, the bias-reduced linearisation of Bell and McCaffrey (2002), with the degrees of freedom and tests of
 * Pustejovsky and Tipton (2018). If each cluster has one row, CR2 equals HC2.
 */
import { EigenvalueDecomposition, Matrix } from "npm:ml-matrix@6.15.1";
import { type TermTest, upperF } from "./coefficients.ts";
import { type Indexed, indexedRowsOf, placesOf } from "./indexed.ts";
import { dot } from "./linear_algebra.ts";
import { unavailable } from "./unavailable.ts";

/** If less than this share of a direction is residual, the cluster alone determines the fit in this direction. */
const FREE_MIN = 1e-10;

/** A variance below this share of the largest variance is only rounding. */
const ROUNDING = 1e-12;

/**
 * The columns of the orthonormal design Q, its clusters, and the columns of A Q, where A is the adjustment of
 * CR2.
 */
export type Robust = Readonly<{
  q: readonly Float64Array[];
  adjusted: readonly Float64Array[];
  clusters: Indexed;
}>;

/**
 * Prepares an orthonormal design for robust tests.
 *
 * @param q The columns of Q.
 */
export function robustDesign(q: readonly Float64Array[], clusters: Indexed): Robust {
  return { q, adjusted: adjustedRows(q, clusters), clusters };
}

/**
 * The columns of A Q, with A = (I − QQᵀ)^(−1/2) in each cluster. Directions that the cluster alone determines are
 * left out. For large clusters, the equal expression Q (I − QᵀQ)^(−1/2) needs less time.
 */
function adjustedRows(q: readonly Float64Array[], { indices, count }: Indexed): Float64Array[] {
  const { starts, places } = placesOf(indices, count);
  const adjusted = q.map((column) => new Float64Array(column.length));
  // Clusters with equal rows have equal results. In a balanced design, most clusters have the same rows.
  const kinds = indexedRowsOf(q);
  const known = new Map<string, Matrix>();
  for (let cluster = 0; cluster < count; cluster++) {
    const rows = [...places.subarray(starts[cluster], starts[cluster + 1])];
    const key = rows.map((row) => kinds[row]!).join();
    const made = known.get(key) ?? adjustedCluster(new Matrix(rows.map((row) => q.map((of) => of[row]!))));
    known.set(key, made);
    for (const [place, row] of rows.entries()) {
      for (let j = 0; j < q.length; j++) adjusted[j]![row] = made.get(place, j);
    }
  }
  return adjusted;
}

/** @param rows The rows of Q in a cluster. */
function adjustedCluster(rows: Matrix): Matrix {
  if (rows.rows === 1) return Matrix.mul(rows, inverseRoot(1 - rows.norm() ** 2));
  return rows.rows <= rows.columns
    ? rootOfFree(rows.mmul(rows.transpose())).mmul(rows)
    : rows.mmul(rootOfFree(rows.transpose().mmul(rows)));
}

const inverseRoot = (free: number) => free > FREE_MIN ? 1 / Math.sqrt(free) : 0;

/** (I − H)^(−1/2) of a symmetric H. Directions with eigenvalues of 1 are left out. */
export function rootOfFree(h: Matrix): Matrix {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(h, { assumeSymmetric: true });
  const roots = Matrix.diag(realEigenvalues.map((value) => inverseRoot(1 - value)));
  return eigenvectorMatrix.mmul(roots).mmul(eigenvectorMatrix.transpose());
}

/**
 * The factors d and h of a contrast. They describe the distribution of the contrast's variance estimate if all
 * errors are independent and have the same variance. The matrix P = diag(d) − hhᵀ has a row and a column for
 * each cluster. The degrees of freedom are tr(P)² / tr(P²).
 */
function clusterFactors({ q, adjusted, clusters }: Robust, contrast: Float64Array) {
  const rows = clusters.indices.length;
  const g = new Float64Array(rows);
  for (const [j, column] of adjusted.entries()) {
    for (let row = 0; row < rows; row++) g[row]! += column[row]! * contrast[j]!;
  }
  const h = q.map((column) => {
    const sums = new Float64Array(clusters.count);
    for (let row = 0; row < rows; row++) sums[clusters.indices[row]!]! += column[row]! * g[row]!;
    return sums;
  });
  return { g, h };
}

type Factors = ReturnType<typeof clusterFactors>;

function productsByCluster(a: Float64Array, b: Float64Array, { indices, count }: Indexed): Float64Array {
  const sums = new Float64Array(count);
  for (let row = 0; row < a.length; row++) sums[indices[row]!]! += a[row]! * b[row]!;
  return sums;
}

/** Σ over clusters of hₐ hᵦᵀ. */
const crossed = (a: Factors, b: Factors) =>
  new Matrix(a.h.map((left) => b.h.map((right) => dot(left, right))));

/** For each cluster, the product of the vectors h. */
function alike(a: Factors, b: Factors): Float64Array {
  const sums = new Float64Array(a.h[0]!.length);
  for (const [j, column] of a.h.entries()) {
    for (let i = 0; i < sums.length; i++) sums[i]! += column[i]! * b.h[j]![i]!;
  }
  return sums;
}

/** Satterthwaite's degrees of freedom of a contrast of the coefficients of Q. */
export function degreesOfFreedom(robust: Robust, contrast: Float64Array): number {
  const factors = clusterFactors(robust, contrast);
  const d = productsByCluster(factors.g, factors.g, robust.clusters);
  const h = alike(factors, factors);
  let [trace, squares] = [0, crossed(factors, factors).norm() ** 2];
  for (const [i, own] of d.entries()) {
    trace += own - h[i]!;
    squares += own ** 2 - 2 * own * h[i]!;
  }
  return trace ** 2 / squares;
}

/**
 * Tests several contrasts by approximate Hotelling's T²: an F whose degrees of freedom come from their
 * covariance matrix.
 */
export function hotelling(
  robust: Robust,
  contrasts: readonly Float64Array[],
  { covariance, projection }: Readonly<{ covariance: readonly Float64Array[]; projection: Float64Array }>,
): TermTest["test"] {
  const q = contrasts.length;
  const c = new Matrix(contrasts.map((contrast) => [...contrast]));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(c.mmul(c.transpose()), {
    assumeSymmetric: true,
  });
  const root = eigenvectorMatrix.mmul(Matrix.diag(realEigenvalues.map((value) => 1 / Math.sqrt(value))))
    .mmul(eigenvectorMatrix.transpose());
  const standard = root.mmul(c).to2DArray().map((row) => Float64Array.from(row));
  const factors = standard.map((contrast) => clusterFactors(robust, contrast));
  let [spread, traces] = [0, 0];
  for (const a of factors) {
    const own = alike(a, a);
    traces += productsByCluster(a.g, a.g, robust.clusters).reduce((sum, d, i) => sum + d - own[i]!, 0);
    for (const b of factors) {
      const [dAa, dBb, dAb] = [[a, a], [b, b], [a, b]].map(([left, right]) =>
        productsByCluster(left!.g, right!.g, robust.clusters)
      ) as [Float64Array, Float64Array, Float64Array];
      const [hAa, hBb, hAb] = [alike(a, a), alike(b, b), alike(a, b)];
      const both = crossed(a, b);
      spread += both.norm() ** 2 + both.mmul(both).trace();
      for (let i = 0; i < dAa.length; i++) {
        spread += dAa[i]! * dBb[i]! - dAa[i]! * hBb[i]! - dBb[i]! * hAa[i]!;
        spread += dAb[i]! ** 2 - 2 * dAb[i]! * hAb[i]!;
      }
    }
  }
  // In a linear model, the mean of the traces is exactly 1. In other models, it is near 1.
  const df = q * (q + 1) * (traces / q) ** 2 / spread - q + 1;
  const variances = standard.map((a) => standard.map((b) => dot(covariance.map((row) => dot(row, b)), a)));
  const estimates = standard.map((contrast) => dot(contrast, projection));
  const { realEigenvalues: values, eigenvectorMatrix: vectors } = new EigenvalueDecomposition(
    new Matrix(variances),
    {
      assumeSymmetric: true,
    },
  );
  if (!(df > 0) || values.some((value) => !(value > ROUNDING * Math.max(...values)))) {
    return unavailable(
      `${robust.clusters.count} clusters are too few for a test of ${q} coefficients together`,
    );
  }
  const squared = values.reduce(
    (sum, value, j) => sum + dot(vectors.getColumn(j), estimates) ** 2 / value,
    0,
  );
  const statistic = squared * df / (q * (df + q - 1));
  return { statistic, coefficients: q, df, p: upperF(statistic, q, df) };
}
