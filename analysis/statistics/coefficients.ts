/** The coefficients of a fitted model, with their tests and intervals. */
import betainc from "npm:@stdlib/math-base-special-betainc@0.2.3";
import gammainc from "npm:@stdlib/math-base-special-gammainc@0.3.1";
import { criticalValue, type Interval, intervalAround, twoSidedP } from "./distributions.ts";

/** A fixed effect, in the unit of the outcome (for a covariate, per unit of the covariate). */
export type Coefficient = Readonly<{
  name: string;
  estimate: number;
  standardError: number;
  /** The estimate in standard errors: t when there are degrees of freedom, else z. */
  statistic: number;
  df: number | null;
  /** Two-sided. */
  p: number;
  interval: Interval;
}>;

/** A test of several coefficients together: whether all of them are 0. */
export type JointTest = Readonly<{
  /** F; with `df` of `null`, Wald's χ² divided by its degrees of freedom. */
  statistic: number;
  /** The number of coefficients. */
  coefficients: number;
  /** The denominator's degrees of freedom; `null` for the χ² distribution. */
  df: number | null;
  p: number;
}>;

/** Makes a coefficient with its test and its interval. */
export function coefficient(
  { name, estimate, standardError, df }: Pick<Coefficient, "name" | "estimate" | "standardError" | "df">,
  level: number,
): Coefficient {
  const statistic = estimate / standardError;
  const interval = intervalAround(estimate, criticalValue(level, df) * standardError, level);
  return { name, estimate, standardError, statistic, df, p: twoSidedP(statistic, df), interval };
}

/** The probability of a larger F. @param df The degrees of freedom; `null` in the denominator for χ² / df. */
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

/** The places of coefficients in a model. @throws RangeError when the model lacks one, or none is named. */
export function placesOf(
  coefficients: readonly Pick<Coefficient, "name">[],
  names: readonly string[],
): readonly number[] {
  if (names.length === 0) throw new RangeError("Cannot test no coefficients together: name at least one");
  return names.map((name) => {
    const place = coefficients.findIndex((one) => one.name === name);
    if (place !== -1) return place;
    const known = coefficients.map((one) => one.name).join(", ");
    throw new RangeError(`The model has no coefficient "${name}": expected one of ${known}`);
  });
}
