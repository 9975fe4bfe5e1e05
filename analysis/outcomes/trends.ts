/** The trends of declared outcomes at each level of the factors, from the models that test them. */
import type { AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import { isUnavailable } from "../statistics/unavailable.ts";
import { type TestSubject, unitOf } from "./effect_tests.ts";
import { modelOfTest } from "./joint_tests.ts";
import type { EffectTest, OutcomeTrends } from "./results.ts";

/**
 * The trends of an outcome whose declared tests compare trends between levels. They describe, and are not
 * tested: their intervals allow neither for looks nor for the number of tests.
 *
 * @param tests The tests of the outcome's single coefficients.
 */
export function outcomeTrends(
  tests: readonly EffectTest[],
  subject: TestSubject,
  analysis: Pick<AnalysisDesign, "adjust" | "slopes">,
): readonly OutcomeTrends[] {
  const test = tests.find(({ declared, term, figures }) =>
    declared && term.throughTurns && term.contrasts.length > 0 && !isUnavailable(figures)
  );
  if (test === undefined) return [];
  const model = modelOfTest(test, subject, analysis);
  if (isUnavailable(model)) return [];
  const { outcome, method, estimator } = test;
  return [{ outcome, method, estimator, unit: unitOf(method), trends: model.trends }];
}
