/** Computes the tests of the effects on an outcome. Reports state these tests as their results. */
import { criticalValue, intervalAround } from "../statistics/distributions.ts";
import { isUnavailable, type Unavailable, unavailable } from "../statistics/unavailable.ts";
import type { Contrast, EffectTerm } from "./effects.ts";
import { estimatorOf } from "./estimators.ts";
import type { LevelComparison } from "./level_comparisons.ts";
import type { Outcome } from "./outcomes.ts";
import { coefficientOf, type ModelKind, type OutcomeModel, type OutcomeModels } from "./outcome_models.ts";
import type { EffectTest, TestFigures } from "./results.ts";
import type { TestPlan } from "./test_plans.ts";

/** An outcome with everything that its tests need. */
export type TestSubject = Readonly<{
  outcome: Outcome;
  models: OutcomeModels;
  comparisons: readonly LevelComparison[];
  /** The contrasts within replicates; `null` if the discussions are not matched. */
  pairs: (contrasts: readonly Contrast[]) => LevelComparison["paired"];
  /** The factors that the discussions differ by. */
  factors: readonly string[];
}>;

/** Computes a planned test. */
export function testOf(plan: TestPlan, subject: TestSubject): EffectTest {
  const { use: _, lacking: __, ...head } = plan;
  const found = plan.lacking.length > 0
    ? unavailable(`the discussions do not differ by "${plan.lacking.join('", "')}"`)
    : emptyLevel(plan.term, subject.comparisons) ?? computed(plan, subject);
  const nothing = { model: null, figures: found as Unavailable };
  const { model, figures } = isUnavailable(found) ? nothing : found;
  const own = new Set(plan.term.contrasts.map(({ factor }) => factor));
  return {
    ...head,
    unit: "outcome",
    adjustedFor: adjustedBy(plan, model, subject).filter((name) => !own.has(name)),
    estimator: estimatorOf(plan),
    figures,
    equivalence: null,
    checks: [],
    doubts: [],
  };
}

/** Figures, and the model that they come from. */
type Computed = Readonly<{ model: OutcomeModel | null; figures: TestFigures | Unavailable }>;

function computed(plan: TestPlan, subject: TestSubject): Computed {
  switch (plan.method) {
    case "paired":
      return { model: null, figures: pairedFigures(plan.term, subject) };
    case "permutation":
      return { model: null, figures: permutedFigures(plan.term, subject) };
    case "mixed-model":
      return modelFigures(plan, subject, { method: plan.method });
    default:
      throw new RangeError(`Cannot test by "${plan.method}"`);
  }
}

/** Says which level of a term has no discussions with values; `null` if all have some. */
function emptyLevel({ contrasts }: EffectTerm, comparisons: readonly LevelComparison[]): Unavailable | null {
  for (const { factor, level, reference } of contrasts) {
    const found = comparisons.find(({ contrast }) => contrast.factor === factor && contrast.level === level);
    if (found === undefined) throw new RangeError(`Cannot test "${factor}": it was not compared`);
    for (const [name, { discussions }] of [[level, found.level], [reference, found.reference]] as const) {
      if (discussions === 0) return unavailable(`no discussion at "${name}" has a value`);
    }
  }
  return null;
}

function modelFigures({ use, term }: TestPlan, { models }: TestSubject, kind: ModelKind): Computed {
  const model = models.fit(use, kind);
  if (isUnavailable(model)) return { model: null, figures: model };
  const coefficient = coefficientOf(model, term);
  if (coefficient === undefined) {
    const reason = `the model has no coefficient "${term.name}": levels that it needs have no values`;
    return { model, figures: unavailable(reason) };
  }
  const { estimate, standardError, df, interval, p } = coefficient;
  const { groups, rows } = model.fit;
  return { model, figures: { estimate, standardError, df, interval, p, discussions: groups, values: rows } };
}

function pairedFigures({ contrasts }: EffectTerm, { pairs }: TestSubject): TestFigures | Unavailable {
  const paired = pairs(contrasts);
  if (paired === null) {
    const levels = contrasts.map(({ level, reference }) => `"${level}" and "${reference}"`).join(", ");
    return unavailable(`discussions at ${levels} are not matched`);
  }
  const { result, discussions, values } = paired;
  if (isUnavailable(result)) return result;
  const { difference, standardError, df, interval, p } = result;
  return { estimate: difference, standardError, df, interval, p, discussions, values };
}

function permutedFigures(
  { contrasts }: EffectTerm,
  { comparisons }: TestSubject,
): TestFigures | Unavailable {
  if (contrasts.length !== 1) return unavailable("interactions are not tested by permutation");
  const [{ factor, level }] = contrasts as [Contrast];
  const found = comparisons.find(({ contrast }) => contrast.factor === factor && contrast.level === level)!;
  const { permutation, difference, level: own, reference } = found;
  if (isUnavailable(permutation)) return permutation;
  if (isUnavailable(difference)) return difference;
  return {
    estimate: permutation.difference,
    standardError: difference.standardError,
    df: null,
    interval: difference.interval,
    p: permutation.p,
    discussions: own.discussions + reference.discussions,
    values: own.values + reference.values,
  };
}

function adjustedBy(
  { method }: TestPlan,
  model: OutcomeModel | null,
  { factors }: TestSubject,
): readonly string[] {
  return method === "paired" ? factors : model?.factors ?? [];
}

/** Figures with an interval of another level. */
export function atLevel(figures: TestFigures | Unavailable, level: number): TestFigures | Unavailable {
  if (isUnavailable(figures)) return figures;
  const { estimate, standardError, df } = figures;
  return { ...figures, interval: intervalAround(estimate, criticalValue(level, df) * standardError, level) };
}
