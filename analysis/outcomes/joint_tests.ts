/** Joint tests of declared interactions, which test all coefficients of an interaction together. */
import type { AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import { repeatedP } from "../statistics/group_sequential.ts";
import { isUnavailable, type Unavailable, unavailable } from "../statistics/unavailable.ts";
import { useFor } from "./effects.ts";
import type { TestSubject } from "./effect_tests.ts";
import { adjustedInFamilies } from "./families.ts";
import type { OutcomeLooks } from "./looks.ts";
import { termTest } from "./model_figures.ts";
import type { ModelKind, OutcomeModel } from "./outcome_models.ts";
import type { AdjustedTest, JointEffectTest, JointLacking } from "./results.ts";

/**
 * Tests each declared interaction that has several coefficients, in the model that tests the single
 * coefficients. If these are tested in pairs or by permutation, there is no such model. Then the joint test
 * uses the model that fits the outcome.
 *
 * Joint tests are adjusted separately from the tests of single coefficients, by the same methods.
 *
 * @param tests The tests of single coefficients.
 * @param looks Declared outcome → its looks. Empty if the analysis was not declared before the run.
 * @returns The tests, and the interactions that cannot be tested as a whole.
 */
export function jointTests(
  subjects: readonly TestSubject[],
  tests: readonly AdjustedTest[],
  { analysis, looks }: Readonly<{ analysis: AnalysisDesign; looks: ReadonlyMap<string, OutcomeLooks> }>,
): Readonly<{ joint: readonly JointEffectTest[]; jointLacking: readonly JointLacking[] }> {
  const tried = subjects.flatMap((subject) => {
    const own = tests.filter(({ outcome, declared, effect, figures }) =>
      outcome === subject.outcome.name && declared && effect.length > 1 && !isUnavailable(figures)
    );
    const effects = [...Map.groupBy(own, ({ effect }) => JSON.stringify(effect)).values()];
    return effects.filter(({ length }) => length > 1).map((of) => jointTest(of[0]!, subject, analysis));
  });
  const found = tried.flatMap((one) => "unavailable" in one ? [] : [one]);
  const pOf = ({ outcome, p }: typeof found[number]) => {
    const sequence = looks.get(outcome)?.sequence ?? null;
    return sequence === null ? p : repeatedP(p, sequence.fractions);
  };
  const adjusted = adjustedInFamilies(found, pOf, analysis.correction);
  return {
    joint: found.map((test) => ({ ...test, adjusted: adjusted.get(test)! })),
    jointLacking: tried.flatMap((one) => "unavailable" in one ? [one] : []),
  };
}

function jointTest(
  single: AdjustedTest,
  subject: TestSubject,
  analysis: AnalysisDesign,
): Omit<JointEffectTest, "adjusted"> | JointLacking {
  const { outcome, effect, confirmatory, sampleChanged } = single;
  const model = modelOfTest(single, subject, analysis);
  if (isUnavailable(model)) return { outcome, effect, ...model };
  const test = termTest(model, effect) ?? unavailable("the model has no such interaction");
  return isUnavailable(test)
    ? { outcome, effect, ...test }
    : { outcome, effect, method: model.method, confirmatory, sampleChanged, ...test };
}

/**
 * The model that has the coefficient of a declared test. If the coefficient is tested in pairs or by
 * permutation, it is the model that fits the outcome.
 */
export function modelOfTest(
  { effect, term, method, checks }: AdjustedTest,
  { models }: TestSubject,
  { adjust, slopes = true }: Pick<AnalysisDesign, "adjust" | "slopes">,
): OutcomeModel | Unavailable {
  // Tests in pairs and by permutation have several checks. The first of them uses the model that fits the outcome.
  const own = [method, ...checks.map((check) => check.method)]
    .find((one) => one !== "paired" && one !== "permutation") ?? "linear-model";
  const hasSlopes = own === "mixed-model" && term.throughTurns && slopes;
  const kind: ModelKind = { method: own, ...hasSlopes ? { slopes: true } : {} };
  return models.fit(useFor({ names: effect, declared: true }, adjust), kind);
}
