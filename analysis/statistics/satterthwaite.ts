/**
 * Satterthwaite's degrees of freedom in a mixed model, for one contrast of the coefficients and for several together
 * (Giesbrecht and Burns 1985; Fai and Cornelius 1996; Kuznetsova, Brockhoff and Christensen 2017).
 */
import { EigenvalueDecomposition, Matrix } from "npm:ml-matrix@6.15.1";
import { type Coefficient, type JointTest, upperF } from "./coefficients.ts";
import { dot } from "./linear_algebra.ts";
import { centralDifferences } from "./newton.ts";
import type { Profile } from "./profile_likelihood.ts";

/**
 * The step of finite differences is `relative` times θ. If θ is smaller than `least`, the step is `relative`
 * times `least`. The error grows with the square of the step.
 */
const STEP = { relative: 1e-3, least: 0.05 } as const;

/**
 * An eigenvalue below this share of the largest is only rounding: the likelihood does not change in its
 * direction.
 */
const FLAT = 1e-8;

/** Degrees of freedom count as equal if they differ by less than this. */
const EQUAL = 1e-8;

/**
 * If an eigenvalue of the contrasts' covariance is below this share of the largest, the contrasts depend on
 * each other.
 */
const DEPENDENT = 1e-8;

/** How precisely the covariance matrix of a fit's coefficients is known. */
type CovariancePrecision = Readonly<{
  /** The covariance matrix of the coefficients. */
  covariance: readonly (readonly number[])[];
  /** The derivative of the covariance matrix in each variance parameter, at the estimates. */
  gradients: readonly (readonly (readonly number[])[])[];
  /** The covariance matrix of the estimated variance parameters. */
  ofParameters: readonly (readonly number[])[];
  /** The degrees of freedom of the residual variance. They limit all others. */
  residual: number;
}>;

/**
 * The precision of a fit, from the curvature of the deviance in θ and log σ².
 *
 * @param profileAt The model at θ.
 * @param contrasts For each coefficient of X, its weights of the coefficients of Q, where X = QR.
 * @param divisor The degrees of freedom of the residual variance.
 */
export function covariancePrecision(
  profileAt: (theta: ArrayLike<number>) => Profile,
  theta: Float64Array,
  { contrasts, divisor }: Readonly<{ contrasts: readonly Float64Array[]; divisor: number }>,
): CovariancePrecision {
  const at = profileAt(theta);
  const variance = at.residualSquares / divisor;
  const steps = theta.map((value) => STEP.relative * Math.max(Math.abs(value), STEP.least));
  const squares = (x: Float64Array) => profileAt(x).residualSquares / variance;
  const inTheta = centralDifferences(
    (x) => {
      const there = profileAt(x);
      return there.logDeterminants + there.residualSquares / variance;
    },
    theta,
    steps,
  ).hessian;
  const size = theta.length + 1;
  const hessian = Matrix.zeros(size, size);
  const moved = (place: number, sign: number) =>
    theta.map((value, j) => j === place ? value + sign * steps[j]! : value);
  const gradients = [...theta.keys()].map((j) => {
    const [below, above] = [moved(j, -1), moved(j, 1)];
    const mixed = -(squares(above) - squares(below)) / (2 * steps[j]!);
    hessian.set(j, size - 1, mixed);
    hessian.set(size - 1, j, mixed);
    for (let k = 0; k < theta.length; k++) hessian.set(j, k, inTheta[j * theta.length + k]!);
    const [before, after] = [
      unitCovariance(profileAt(below), contrasts),
      unitCovariance(profileAt(above), contrasts),
    ];
    return Matrix.sub(after, before).mul(variance / (2 * steps[j]!)).to2DArray();
  });
  hessian.set(size - 1, size - 1, divisor);
  const covariance = unitCovariance(at, contrasts).mul(variance).to2DArray();
  // The derivative of the covariance matrix in log σ² is the matrix itself.
  return {
    covariance,
    gradients: [...gradients, covariance],
    ofParameters: positiveInverse(hessian).mul(2).to2DArray(),
    residual: divisor,
  };
}

function unitCovariance(at: Profile, contrasts: readonly Float64Array[]): Matrix {
  const solved = contrasts.map((contrast) => at.solve(contrast));
  return new Matrix(contrasts.map((contrast) => solved.map((other) => dot(contrast, other))));
}

/** The inverse of a symmetric matrix in the directions in which it is positive. */
function positiveInverse(matrix: Matrix): Matrix {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, {
    assumeSymmetric: true,
  });
  const least = FLAT * Math.max(...realEigenvalues);
  const inverse = Matrix.diag(realEigenvalues.map((value) => value > least ? 1 / value : 0));
  return eigenvectorMatrix.mmul(inverse).mmul(eigenvectorMatrix.transpose());
}

const quadratic = (matrix: readonly (readonly number[])[], by: ArrayLike<number>) =>
  dot(matrix.map((row) => dot(row, by)), by);

/**
 * The degrees of freedom of a contrast: 2 v² / var(v), where v is the contrast's variance. They are at least 1,
 * and at most the residual degrees of freedom.
 */
export function satterthwaiteDf(
  { covariance, gradients, ofParameters, residual }: CovariancePrecision,
  contrast: ArrayLike<number>,
): number {
  const slopes = gradients.map((gradient) => quadratic(gradient, contrast));
  const df = 2 * quadratic(covariance, contrast) ** 2 / quadratic(ofParameters, slopes);
  return df > 0 && df < residual ? Math.max(1, df) : residual;
}

/**
 * Tests whether several coefficients are all 0, by F with Satterthwaite's degrees of freedom, as `anova` of lmerTest.
 *
 * @param places The indices of the coefficients.
 */
export function satterthwaiteF(
  precision: CovariancePrecision,
  coefficients: readonly Coefficient[],
  places: readonly number[],
): JointTest {
  const estimates = coefficients.map(({ estimate }) => estimate);
  const chosen = new Matrix(places.map((row) => places.map((column) => precision.covariance[row]![column]!)));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(chosen, {
    assumeSymmetric: true,
  });
  const least = DEPENDENT * Math.max(...realEigenvalues);
  let sum = 0;
  const dfs: number[] = [];
  for (const [index, value] of realEigenvalues.entries()) {
    if (value <= least) continue;
    const contrast = new Float64Array(estimates.length);
    for (const [row, place] of places.entries()) contrast[place] = eigenvectorMatrix.get(row, index);
    sum += dot(contrast, estimates) ** 2 / value;
    dfs.push(satterthwaiteDf(precision, contrast));
  }
  const statistic = sum / dfs.length;
  const df = jointDf(dfs);
  return { statistic, coefficients: dfs.length, df, p: upperF(statistic, dfs.length, df) };
}

/**
 * The degrees of freedom of F for several independent t: the sum of the squared t has the expectation that F
 * implies (Fai and Cornelius 1996).
 */
function jointDf(dfs: readonly number[]): number {
  if (dfs.every((df) => Math.abs(df - dfs[0]!) < EQUAL)) return dfs[0]!;
  if (dfs.some((df) => df <= 2)) return 2;
  const expected = dfs.reduce((sum, df) => sum + df / (df - 2), 0);
  return 2 * expected / (expected - dfs.length);
}
