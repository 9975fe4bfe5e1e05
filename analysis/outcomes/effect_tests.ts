/** Computes the tests of the effects on an outcome. Reports show these tests as their results. */
import { criticalValue, intervalAround } from "../statistics/distributions.ts";
import type { ResidualChecks } from "../statistics/residual_checks.ts";
import { isUnavailable, type Unavailable, unavailable } from "../statistics/unavailable.ts";
import type { Contrast, EffectTerm } from "./effects.ts";
import { estimatorOf } from "./estimators.ts";
import type { LevelComparison } from "./level_comparisons.ts";
import type { Outcome } from "./outcomes.ts";
import { figuresOf } from "./model_figures.ts";
import { type ModelKind, type OutcomeModel, type OutcomeModels } from "./outcome_models.ts";
import type { EffectTest, TestCheck, TestFigures, TestMethod } from "./results.ts";
import type { TermPermutation } from "./permuted_term.ts";
import type { TestPlan } from "./test_plans.ts";

/** An outcome, with all data that its tests need. */
export type TestSubject = Readonly<{
  outcome: Outcome;
  models: OutcomeModels;
  comparisons: readonly LevelComparison[];
  /**
   * Tests the contrast of one or more factors within replicates. It returns `null` if the discussions are not
   * matched.
   */
  pairs: (contrasts: readonly Contrast[]) => LevelComparison["paired"];
  /** Tests one coefficient by permutation. */
  permuted: TermPermutation;
  /** The factors that the discussions differ by. */
  factors: readonly string[];
}>;

/** A computed test, without its test of equivalence and its checks. */
export type ComputedTest = Omit<EffectTest, "equivalence" | "checks">;

/** Computes a planned test. */
export function testOf(plan: TestPlan, subject: TestSubject): ComputedTest {
  const { use: _, lacking, slopes: __, checks: ___, ...head } = plan;
  const reason = lacking.length > 0
    ? unavailable(`the discussions do not differ by "${lacking.join('", "')}"`)
    : emptyLevel(plan.term, subject.comparisons);
  const { model, factors, figures } = reason === null ? computed(plan, plan, subject) : withoutModel(reason);
  const own = new Set(plan.term.contrasts.map(({ factor }) => factor));
  return {
    ...head,
    unit: unitOf(plan.method),
    adjustedFor: factors.filter((name) => !own.has(name)),
    estimator: estimatorOf(plan, model),
    figures,
    // Doubts are computed only when they are read, because they take as long as a fit. A multiverse does not
    // read them.
    get doubts() {
      return model === null ? [] : doubtsOf(model);
    },
  };
}

/** Computes the checks of a planned test: the same coefficient by other methods. */
export function checksOf(plan: TestPlan, subject: TestSubject): readonly TestCheck[] {
  return plan.checks.map(({ differs, ...by }) => ({
    method: by.method,
    differs,
    unit: unitOf(by.method),
    figures: computed(plan, by, subject).figures,
  }));
}

/** The unit of the estimates that a method makes. */
export function unitOf(method: TestMethod): EffectTest["unit"] {
  return method === "logistic-mixed-model" || method === "ordinal-mixed-model" ? "log-odds" : "outcome";
}

/**
 * With fewer discussions, or with fewer replicates of matched conditions, there is a doubt about a logistic or
 * ordinal model. In simulations, its tests then found nonexistent effects too often (see
 * docs/explanation/error_rates.md).
 */
const [LINK_DISCUSSIONS_MIN, LINK_REPLICATES_MIN] = [12, 3] as const;

function doubtsOf(model: OutcomeModel): readonly string[] {
  if (model.method === "logistic-mixed-model" || model.method === "ordinal-mixed-model") {
    return linkDoubts(model.fit.clusters, model.isMatched);
  }
  if (model.method !== "mixed-model") return [];
  const singular = model.fit.singular
    ? ["the fit is singular: the data do not support all of its random effects"]
    : [];
  return isUnavailable(model.residuals) ? singular : [...singular, ...residualDoubts(model.residuals)];
}

function linkDoubts(clusters: number, isMatched: boolean): readonly string[] {
  if (clusters >= (isMatched ? LINK_REPLICATES_MIN : LINK_DISCUSSIONS_MIN)) return [];
  return [
    `${clusters} ${
      isMatched ? "replicates" : "discussions"
    } are few for a logistic or ordinal model: in simulations without ` +
    `effects, up to ${isMatched ? 6 : 9} % of such tests had p below 0.05`,
  ];
}

function residualDoubts({ floor, ceiling, skewness, outliers, doubts }: ResidualChecks): readonly string[] {
  const percent = (share: number | null) => `${((share ?? 0) * 100).toFixed(1)} %`;
  return doubts.map((doubt) => {
    switch (doubt) {
      case "floor":
        return `${percent(floor)} of the values are at the lowest value of the scale`;
      case "ceiling":
        return `${percent(ceiling)} of the values are at the highest value of the scale`;
      case "skew":
        return `the residuals are skewed (skewness ${skewness.toFixed(1)})`;
      case "outliers":
        return `${percent(outliers)} of the residuals are beyond three standard deviations`;
      default:
        return doubt satisfies never;
    }
  });
}

/** Figures of a test, the model that they come from, and the factors that they are adjusted for. */
type Computed = Readonly<
  { model: OutcomeModel | null; factors: readonly string[]; figures: TestFigures | Unavailable }
>;

function withoutModel(figures: Computed["figures"], factors: Computed["factors"] = []): Computed {
  return { model: null, factors, figures };
}

function computed(
  { use, term }: Pick<TestPlan, "use" | "term">,
  { method, slopes }: Pick<TestPlan, "method" | "slopes">,
  subject: TestSubject,
): Computed {
  switch (method) {
    case "paired":
      return withoutModel(pairedFigures(term, subject), subject.factors);
    case "permutation": {
      const permuted = subject.permuted(term, use);
      return isUnavailable(permuted)
        ? withoutModel(permuted)
        : withoutModel(permuted.figures, permuted.factors);
    }
    case "linear-model":
    case "mixed-model":
    case "logistic-mixed-model":
    case "ordinal-mixed-model":
      return modelFigures({ use, term }, subject, { method, ...slopes ? { slopes } : {} });
    default:
      throw new RangeError(`Cannot test by "${method satisfies never}"`);
  }
}

/** The reason if a level of a term has no discussion with a value; `null` if every level has one. */
function emptyLevel({ contrasts }: EffectTerm, comparisons: readonly LevelComparison[]): Unavailable | null {
  for (const contrast of contrasts) {
    const { level, reference } = comparisonOf(contrast, comparisons);
    const sides = [[contrast.level, level], [contrast.reference, reference]] as const;
    const empty = sides.find(([, { discussions }]) => discussions === 0);
    if (empty !== undefined) return unavailable(`no discussion at "${empty[0]}" has a value`);
  }
  return null;
}

/** Finds the comparison of a level with the reference. */
export function comparisonOf(
  { factor, level }: Contrast,
  comparisons: readonly LevelComparison[],
): LevelComparison {
  const found = comparisons.find(({ contrast }) => contrast.factor === factor && contrast.level === level);
  if (found === undefined) throw new RangeError(`Cannot test "${factor}": it was not compared`);
  return found;
}

function modelFigures(
  { use, term }: Pick<TestPlan, "use" | "term">,
  { models }: TestSubject,
  kind: ModelKind,
): Computed {
  const model = models.fit(use, kind);
  if (isUnavailable(model)) return withoutModel(model);
  return { model, factors: model.factors, figures: figuresOf(model, term) };
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

/** The figures with an interval of the given confidence level. */
export function atLevel(figures: TestFigures, level: number): TestFigures {
  const { estimate, standardError, df } = figures;
  return { ...figures, interval: intervalAround(estimate, criticalValue(level, df) * standardError, level) };
}
