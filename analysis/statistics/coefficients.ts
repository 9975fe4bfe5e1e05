/** The coefficients of a fitted model, with their tests and intervals. */
import betainc from "npm:@stdlib/math-base-special-betainc@0.2.3";
import gammainc from "npm:@stdlib/math-base-special-gammainc@0.3.1";
import { criticalValue, type Interval, intervalAround, twoSidedP } from "./distributions.ts";
import type { Unavailable } from "./unavailable.ts";

/** A fixed effect, in the unit of the outcome. The effect of a covariate is per unit of the covariate. */
export type Coefficient = Readonly<{
  name: string;
  estimate: number;
  standardError: number;
  /** The estimate divided by its standard error: t if there are degrees of freedom, else z. */
  statistic: number;
  df: number | null;
  /** The two-sided p value. */
  p: number;
  interval: Interval;
}>;

/**
 * A weighted sum of coefficients, such as the trend at one level of a factor.
 *
 * `weights` is a record: the name of a coefficient → its weight. Other coefficients have the weight 0.
 */
export type Combination = Readonly<{ name: string; weights: Readonly<Record<string, number>> }>;

/**
 * The weights of a combination, one for each coefficient of a model.
 *
 * @param names The names of the coefficients.
 * @throws RangeError if the combination names a coefficient that the model does not have.
 */
export function weightsOf({ name, weights }: Combination, names: readonly string[]): Float64Array {
  const unknown = Object.keys(weights).find((one) => !names.includes(one));
  if (unknown !== undefined) {
    throw new RangeError(`Cannot compute "${name}": the model has no coefficient "${unknown}"`);
  }
  return Float64Array.from(names, (one) => Object.hasOwn(weights, one) ? weights[one]! : 0);
}

/** A test of whether all coefficients of a term are 0, for example the coefficients of all levels of a factor. */
export type JointTest = Readonly<{
  /** F. If `df` is `null`, it is Wald's χ² divided by the number of coefficients. */
  statistic: number;
  /** The number of coefficients, which is the numerator's degrees of freedom. */
  coefficients: number;
  /** The denominator's degrees of freedom; `null` for the χ² distribution. */
  df: number | null;
  p: number;
}>;

/** The test of a term of a model. */
export type TermTest = Readonly<{ term: readonly string[]; test: JointTest | Unavailable }>;

/** Makes a coefficient with its test and its interval. */
export function coefficient(
  { name, estimate, standardError, df }: Pick<Coefficient, "name" | "estimate" | "standardError" | "df">,
  level: number,
): Coefficient {
  const statistic = estimate / standardError;
  const interval = intervalAround(estimate, criticalValue(level, df) * standardError, level);
  return { name, estimate, standardError, statistic, df, p: twoSidedP(statistic, df), interval };
}

/**
 * The probability of a larger F.
 *
 * @param denominator The denominator's degrees of freedom. If it is `null`, the statistic is a χ² divided by
 *   `numerator`.
 */
export function upperF(statistic: number, numerator: number, denominator: number | null): number {
  if (!(statistic > 0)) return 1;
  return denominator === null
    ? upperChiSquare(statistic * numerator, numerator)
    : betainc(denominator / (denominator + numerator * statistic), denominator / 2, numerator / 2);
}

/** The probability of a larger χ². */
export function upperChiSquare(statistic: number, df: number): number {
  return statistic > 0 ? gammainc(statistic / 2, df / 2, true, true) : 1;
}
