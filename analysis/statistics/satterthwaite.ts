/** Degrees of freedom for tests of coefficients of a random-intercept model. */
import type { Profile } from "./profile_likelihood.ts";

/** The step in log λ of the differences, whose errors are of its square. */
const STEP = 1e-3;

/**
 * Satterthwaite's degrees of freedom of a coefficient (Giesbrecht and Burns 1985): 2 v² / var(v), where v is the
 * coefficient's variance and var(v) follows from the curvature of the deviance in log σ² and log λ.
 *
 * @param profileAt The model at a ratio of variances.
 * @param ratio λ at the maximum, above 0.
 * @param divisor The degrees of freedom of the residual variance.
 * @param contrasts Of each coefficient, the weights of the coefficients of Q that make it.
 * @returns The degrees of freedom of each, from 1 to the divisor; the divisor where the curvature says nothing.
 */
export function satterthwaite(
  profileAt: (ratio: number) => Profile,
  ratio: number,
  divisor: number,
  contrasts: readonly Float64Array[],
): number[] {
  const [below, at, above] = [-STEP, 0, STEP].map((step) => profileAt(ratio * Math.exp(step))) as [
    Profile,
    Profile,
    Profile,
  ];
  const variance = at.residualSquares / divisor;
  const slope = (f: (of: Profile) => number) => (f(above) - f(below)) / (2 * STEP);
  const curvature = (f: (of: Profile) => number) => (f(above) - 2 * f(at) + f(below)) / STEP ** 2;
  const squares = (of: Profile) => of.residualSquares / variance;
  const mixed = -slope(squares);
  const inRatio = curvature((of) => of.logDeterminants + squares(of));
  const determinant = divisor * inRatio - mixed ** 2;
  return contrasts.map((contrast) => {
    const unitVariance = (of: Profile) => of.unitVariance(contrast);
    const [v, byRatio] = [unitVariance(at), slope(unitVariance)];
    const spread = 2 * (inRatio * v ** 2 - 2 * mixed * v * byRatio + divisor * byRatio ** 2) / determinant;
    const df = 2 * v ** 2 / spread;
    return determinant > 0 && df > 0 && df < divisor ? Math.max(1, df) : divisor;
  });
}
