/** Trends at the levels of factors, as weighted sums of a model's coefficients. */
import { TIME } from "../../core/experiment/analysis_design.ts";
import type { Coefficient, Combination } from "../statistics/coefficients.ts";
import type { EffectTerm } from "./effects.ts";
import type { ObservedFactor } from "./factors.ts";

/** A level of a factor. */
export type FactorLevel = Readonly<{ factor: string; level: string }>;

/**
 * The change of an outcome per turn at one level of each of some factors. It is the mean over the levels of the
 * model's other factors, each counting equally. Without levels, it is the mean over all factors.
 */
export type Trend = Readonly<{ levels: readonly FactorLevel[]; figures: Omit<Coefficient, "name"> }>;

/**
 * The trends that a model can estimate: for each of its terms with time, one for each combination of levels of
 * the term's factors.
 *
 * In models of outcomes, the column of a level is 1 − 1 / k at this level, and −1 / k elsewhere, where k is the
 * number of levels. So the trend at a combination of levels is the sum of the coefficients with time, each times
 * the product of its columns. The columns of other factors are 0 in the mean over their levels.
 *
 * @param terms The factors of each term; time is called {@linkcode TIME}.
 * @param coefficients The terms of the model's coefficients.
 * @param factors The factors with the levels that occur in the model's rows.
 */
export function trendCombinations(
  terms: readonly (readonly string[])[],
  coefficients: readonly EffectTerm[],
  factors: readonly Pick<ObservedFactor, "name" | "levels">[],
): readonly (Combination & Pick<Trend, "levels">)[] {
  const inTime = coefficients.filter(({ throughTurns }) => throughTurns);
  return terms.filter((names) => names.includes(TIME)).flatMap((names) => {
    const own = factors.filter(({ name }) => names.includes(name));
    return combinationsOf(own).map((levels) => {
      const weights = inTime.flatMap(({ name, contrasts }) => {
        const weight = contrasts.reduce((product, { factor, level }) => {
          const at = levels.find((one) => one.factor === factor);
          const count = own.find((one) => one.name === factor)?.levels.length ?? 0;
          return at === undefined ? 0 : product * ((at.level === level ? 1 : 0) - 1 / count);
        }, 1);
        return weight === 0 ? [] : [[name, weight] as const];
      });
      return { name: JSON.stringify(levels), levels, weights: Object.fromEntries(weights) };
    });
  });
}

/** All combinations of the levels of some factors; one empty combination without factors. */
export function combinationsOf(
  factors: readonly Pick<ObservedFactor, "name" | "levels">[],
): readonly (readonly FactorLevel[])[] {
  return factors.reduce<readonly (readonly FactorLevel[])[]>(
    (made, { name, levels }) =>
      made.flatMap((one) => levels.map((level) => [...one, { factor: name, level }])),
    [[]],
  );
}

/** Whether a trend is at a level, whatever the levels of its other factors. */
export function hasLevel({ levels }: Pick<Trend, "levels">, { factor, level }: FactorLevel): boolean {
  return levels.some((one) => one.factor === factor && one.level === level);
}

/** The trend at exactly these levels; `undefined` if the model does not have it. */
export function trendAt(trends: readonly Trend[], levels: readonly FactorLevel[]): Trend | undefined {
  return trends.find((trend) =>
    trend.levels.length === levels.length && levels.every((level) => hasLevel(trend, level))
  );
}
