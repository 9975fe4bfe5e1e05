/** One test for each coefficient of each effect on an outcome. Reports state these tests as their results. */
import { type AnalysisDesign, TIME } from "../../core/experiment/analysis_design.ts";
import type { Interval } from "../statistics/distributions.ts";
import { isUnavailable, type Unavailable, unavailable } from "../statistics/unavailable.ts";
import type { Effect, EffectTerm } from "./effects.ts";
import { termsOf } from "./effects.ts";
import type { ObservedFactor } from "./factors.ts";
import type { LevelComparison } from "./level_comparisons.ts";
import type { Outcome } from "./outcomes.ts";
import { coefficientOf, type OutcomeModels } from "./outcome_models.ts";

/** How an effect is tested. */
export type TestMethod = NonNullable<AnalysisDesign["test"]>;

/** The figures of a test, in the unit of the outcome. */
export type TestFigures = Readonly<{
  estimate: number;
  /** The interval of Student's t; for a permutation test, of the bootstrap over discussions. */
  interval: Interval | Unavailable;
  /** Two-sided, not adjusted for other tests. */
  p: number;
  /** The number of discussions and of values that the figures come from. */
  discussions: number;
  values: number;
}>;

/** A test of one coefficient of an effect. */
export type EffectTest = Readonly<{
  outcome: string;
  /** The names that the effect multiplies. */
  effect: readonly string[];
  term: EffectTerm;
  /** Whether the outcome and the effect are declared. */
  declared: boolean;
  method: TestMethod;
  /** Why the method is not the one that the analysis names; `null` if it is. */
  remark: string | null;
  figures: TestFigures | Unavailable;
}>;

/** An outcome with the models and comparisons that its tests need. */
export type TestableOutcome = Readonly<{
  outcome: Outcome;
  /** `null` for figures of whole discussions. */
  models: OutcomeModels | null;
  comparisons: readonly LevelComparison[];
}>;

/**
 * Tests effects on an outcome: effects of one factor by the analysis's method, all others in the mixed model. Figures
 * of whole discussions have no effects of time. Their interactions of factors are listed only if they are declared,
 * with the reason why they cannot be tested.
 *
 * @param testable The outcome with its models and comparisons.
 * @param effects The effects.
 * @param factors The factors with all levels, including levels without discussions.
 * @param test The method of effects of one factor, as the analysis names it.
 * @returns One test for each coefficient; one test without figures for an effect of unknown factors.
 */
export function effectTests(
  testable: TestableOutcome,
  effects: readonly Effect[],
  factors: readonly ObservedFactor[],
  test: AnalysisDesign["test"],
): readonly EffectTest[] {
  const { outcome, models } = testable;
  return effects.flatMap((effect): readonly EffectTest[] => {
    const declared = outcome.declared && effect.declared;
    const found = termsOf(effect.names, factors);
    const isMain = found[0]?.contrasts.length === 1 && !found[0].throughTurns;
    // A figure of a whole discussion has no effect of time.
    if (models === null && (effect.names.includes(TIME) || !isMain && !declared)) return [];
    const head = { outcome: outcome.name, effect: effect.names, declared };
    if (found.length === 0) {
      const term = { name: effect.names.join(":"), contrasts: [], throughTurns: false };
      const lacking = effect.names.filter((name) =>
        name !== TIME && factors.every((factor) => factor.name !== name)
      );
      const figures = unavailable(`the discussions do not differ by "${lacking.join('", "')}"`);
      return [{ ...head, term, method: test ?? "mixed-model", remark: null, figures }];
    }
    return found.map((term) => ({
      ...head,
      term,
      ...isMain ? mainTest(testable, term, test) : {
        method: "mixed-model",
        remark: null,
        figures: modelFigures(models, term),
      },
    }));
  });
}

type Tested = Pick<EffectTest, "method" | "remark" | "figures">;

function mainTest(
  { outcome, models, comparisons }: TestableOutcome,
  term: EffectTerm,
  test: AnalysisDesign["test"],
): Tested {
  const [{ factor, level }] = term.contrasts as [EffectTerm["contrasts"][number]];
  const comparison = comparisons.find(({ contrast }) =>
    contrast.factor === factor && contrast.level === level
  );
  if (comparison === undefined) throw new RangeError(`Cannot test "${term.name}": it was not compared`);
  const wanted = test ??
    (comparison.paired !== null ? "paired" : outcome.unit === "comment" ? "mixed-model" : "permutation");
  if (comparison.level.discussions === 0 || comparison.reference.discussions === 0) {
    return { ...permutationOf(comparison, null), method: wanted };
  }
  switch (wanted) {
    case "mixed-model":
      if (models === null) {
        return permutationOf(comparison, "a figure of whole discussions has no mixed model");
      }
      if (!isModelled(models, factor)) {
        return permutationOf(
          comparison,
          `the analysis declares no effect of "${factor}" for the mixed model`,
        );
      }
      return { method: wanted, remark: null, figures: modelFigures(models, term) };
    case "paired":
      return { method: wanted, remark: null, figures: pairedFigures(comparison) };
    case "permutation":
      return permutationOf(comparison, null);
    default:
      throw new RangeError(`Cannot test by "${wanted satisfies never}"`);
  }
}

/** A model that cannot be fitted counts as a model with the factor, so that its reason is shown. */
function isModelled({ main }: OutcomeModels, factor: string): boolean {
  return isUnavailable(main) ||
    main.terms.some(({ contrasts }) => contrasts.some((contrast) => contrast.factor === factor));
}

function modelFigures(models: OutcomeModels | null, term: EffectTerm): TestFigures | Unavailable {
  if (models === null) {
    return unavailable(
      "a figure of whole discussions has no mixed model, and only mixed models test interactions",
    );
  }
  const model = term.throughTurns ? models.throughTurns : models.main;
  if (isUnavailable(model)) return model;
  const coefficient = coefficientOf(model, term);
  if (coefficient === undefined) {
    return unavailable(`the model has no coefficient "${term.name}": levels that it needs have no values`);
  }
  const { estimate, interval, p } = coefficient;
  return { estimate, interval, p, discussions: model.fit.groups, values: model.fit.rows };
}

function pairedFigures({ contrast, paired }: LevelComparison): TestFigures | Unavailable {
  if (paired === null) {
    return unavailable(`discussions at "${contrast.level}" and "${contrast.reference}" are not matched`);
  }
  const { result, discussions, values } = paired;
  if (isUnavailable(result)) return result;
  return { estimate: result.difference, interval: result.interval, p: result.p, discussions, values };
}

function permutationOf(
  { permutation, difference, level, reference }: LevelComparison,
  remark: string | null,
): Tested {
  const figures = isUnavailable(permutation) ? permutation : {
    estimate: permutation.difference,
    interval: isUnavailable(difference) ? difference : difference.interval,
    p: permutation.p,
    discussions: level.discussions + reference.discussions,
    values: level.values + reference.values,
  };
  return { method: "permutation", remark, figures };
}
