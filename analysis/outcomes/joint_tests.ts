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
import type { AdjustedTest, EffectTest, JointEffectTest, JointLacking } from "./results.ts";

/** A joint test before its p is adjusted, or the interaction that cannot be tested as a whole. */
export type TriedJoint = Omit<JointEffectTest, "adjusted" | "confirmatory" | "sampleChanged"> | JointLacking;

/**
 * Tests each declared interaction of an outcome that has several coefficients, in the model that tests the single
 * coefficients. If these are tested in pairs or by permutation, there is no such model. Then the joint test
 * uses the model that fits the outcome.
 *
 * @param tests The tests of the outcome's single coefficients.
 */
export function triedJoints(
  tests: readonly EffectTest[],
  subject: TestSubject,
  analysis: AnalysisDesign,
): readonly TriedJoint[] {
  const own = tests.filter(({ declared, effect, figures }) =>
    declared && effect.length > 1 && !isUnavailable(figures)
  );
  const effects = [...Map.groupBy(own, ({ effect }) => JSON.stringify(effect)).values()];
  return effects.filter(({ length }) => length > 1).map((of) => jointTest(of[0]!, subject, analysis));
}

/**
 * Adjusts joint tests, separately from the tests of single coefficients, by the same methods.
 *
 * @param tests The tests of single coefficients.
 * @param looks Declared outcome → its looks. Empty if the analysis was not declared before the run.
 * @returns The tests, and the interactions that cannot be tested as a whole.
 */
export function jointTests(
  tried: readonly TriedJoint[],
  tests: readonly AdjustedTest[],
  { analysis, looks }: Readonly<{ analysis: AnalysisDesign; looks: ReadonlyMap<string, OutcomeLooks> }>,
): Readonly<{ joint: readonly JointEffectTest[]; jointLacking: readonly JointLacking[] }> {
  const inFamilies = new Map(tests.map((test) => [keyOf(test), test]));
  const found = tried.flatMap((one) => {
    if ("unavailable" in one) return [];
    const { outcome, effect, ...test } = one;
    const { confirmatory, sampleChanged } = inFamilies.get(keyOf(one))!;
    return [{ outcome, effect, confirmatory, sampleChanged, ...test }];
  });
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

function keyOf({ outcome, effect }: Pick<EffectTest, "outcome" | "effect">): string {
  return JSON.stringify([outcome, effect]);
}

function jointTest(
  single: EffectTest,
  subject: TestSubject,
  analysis: AnalysisDesign,
): TriedJoint {
  const { outcome, effect } = single;
  const model = modelOfTest(single, subject, analysis);
  if (isUnavailable(model)) return { outcome, effect, ...model };
  const test = termTest(model, effect) ?? unavailable("the model has no such interaction");
  return isUnavailable(test)
    ? { outcome, effect, ...test }
    : { outcome, effect, method: model.method, ...test };
}

/**
 * The model that has the coefficient of a declared test. If the coefficient is tested in pairs or by
 * permutation, it is the model that fits the outcome.
 */
export function modelOfTest(
  { effect, term, method, checks }: EffectTest,
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
