/**
 * Compares outcomes between conditions: tests every effect on every outcome. Declared tests are kept apart from
 * the other tests.
 */
import type { AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import type { DrawCount } from "../statistics/draw_counts.ts";
import { equivalence } from "../statistics/equivalence.ts";
import { isUnavailable, unavailable } from "../statistics/unavailable.ts";
import { atLevel, checksOf, type ComputedTest, testOf, type TestSubject } from "./effect_tests.ts";
import { adjusted } from "./families.ts";
import { interactionHints } from "./interaction_hints.ts";
import { jointTests, type TriedJoint, triedJoints } from "./joint_tests.ts";
import { looksAt, type OutcomeLooks, type RunLooks } from "./looks.ts";
import { type ObservedFactor, ownOf } from "./factors.ts";
import type { LevelComparison } from "./level_comparisons.ts";
import { differenceOptions } from "./level_differences.ts";
import { multiversesOf } from "./multiverse.ts";
import type { Observation } from "./observation.ts";
import { once } from "./once.ts";
import { type Outcome, outcomesOf } from "./outcomes.ts";
import type { TriedModel } from "./outcome_models.ts";
import type {
  AdjustedTest,
  EffectTest,
  InteractionHint,
  JointEffectTest,
  JointLacking,
  Multiverse,
  OutcomeTrends,
} from "./results.ts";
import { type Sample, sampleOf, subjectOf } from "./sample.ts";
import { type TestPlan, testPlans } from "./test_plans.ts";
import { outcomeTrends } from "./trends.ts";

/**
 * Outcomes that are not declared are tested with this many random permutations, so their p is at least 0.001, and
 * at least 0.005 for large samples.
 */
const PERMUTATIONS_EXPLORATORY: DrawCount = { most: 999, least: 199 };

/**
 * If the threshold of p at a look is smaller than this, no interval is computed: its level would be too close
 * to 1.
 */
const NOMINAL_MIN = 1e-6;

/** When the analysis was declared. Only an analysis declared `before` the run can confirm an effect. */
export type DeclaredWhen = "before" | "after" | "none";

/** The options of a comparison of outcomes. */
export type CompareOptions = Readonly<{
  /** Equal seeds give equal figures. */
  seed: string;
  declared: DeclaredWhen;
  /** Factor → its levels in the order of the experiment file. It includes levels that no discussion has. */
  order?: Readonly<Record<string, readonly string[]>>;
  /** The looks at the analysed runs; runs without a run log are left out. */
  looks?: readonly RunLooks[];
}>;

/** An outcome with its models and the comparisons of its levels. */
export type TestableOutcome = Readonly<{
  outcome: Outcome;
  /** The models that tests and checks of comments use. Empty for a figure of whole discussions. */
  models: readonly TriedModel[];
  comparisons: readonly LevelComparison[];
}>;

/** Outcomes compared between conditions. */
export type OutcomeComparisons = Readonly<{
  /**
   * The number of complete discussions, which are compared, and the number of incomplete ones, which are left
   * out.
   */
  discussions: number;
  leftOut: number;
  declared: DeclaredWhen;
  factors: readonly Readonly<Pick<ObservedFactor, "name" | "levels" | "reference">>[];
  /** Declared outcomes first. */
  outcomes: readonly TestableOutcome[];
  /** Declared outcome → what looks mean for its tests. Empty if the analysis was not declared before the run. */
  looks: ReadonlyMap<string, OutcomeLooks>;
  /** In the order of the outcomes. */
  tests: readonly AdjustedTest[];
  /** The joint tests of declared interactions that have several coefficients. */
  joint: readonly JointEffectTest[];
  /** Declared interactions of several coefficients that cannot be tested as a whole. */
  jointLacking: readonly JointLacking[];
  /** The trends of declared outcomes at each level, if declared tests compare them. */
  trends: readonly OutcomeTrends[];
  /** Undeclared interactions that may be large, by p, the smallest first. */
  hints: readonly InteractionHint[];
  /** The declared tests of comments under all reasonable alternatives. */
  multiverses: readonly Multiverse[];
}>;

/**
 * Tests all effects on all outcomes of some discussions.
 *
 * @param observations The discussions. Incomplete ones are left out and counted.
 *
 * @example
 * ```ts
 * import { compareOutcomes } from "./mod.ts";
 * import { ANALYSIS_DEFAULT } from "../../core/experiment/analysis_design.ts";
 * import assert from "node:assert/strict";
 *
 * const { tests, factors } = compareOutcomes([], ANALYSIS_DEFAULT, { seed: "42", declared: "none" });
 * assert.deepEqual([tests, factors], [[], []]);
 * ```
 */
export function compareOutcomes(
  observations: readonly Observation[],
  analysis: AnalysisDesign,
  options: CompareOptions,
): OutcomeComparisons {
  const compared = comparedOutcomes(observations, analysis, options);
  const { outcomes, sample, context } = compared;
  return comparisonsFrom(outcomes.map((outcome) => outcomeResults(outcome, sample, context)), compared);
}

/** Outcomes that are to be compared between conditions. No test is computed yet. */
export type ComparedOutcomes = Readonly<{
  /** Declared outcomes first. */
  outcomes: readonly Outcome[];
  sample: Sample;
  context: ComparisonContext;
  /** Tests undeclared interactions when it is called first. */
  hints: () => readonly InteractionHint[];
}>;

/** What the comparisons of all outcomes share, besides the discussions. */
export type ComparisonContext =
  & Pick<OutcomeComparisons, "declared" | "looks">
  & Readonly<{ analysis: AnalysisDesign; seed: string }>;

/** Finds the outcomes of some discussions, for the same arguments as {@linkcode compareOutcomes}. */
export function comparedOutcomes(
  observations: readonly Observation[],
  analysis: AnalysisDesign,
  { seed, declared, order = {}, looks: runs = [] }: CompareOptions,
): ComparedOutcomes {
  const sample = sampleOf(observations, analysis, order);
  const outcomes = outcomesOf(sample.compared, analysis);
  const looks = new Map(
    outcomes.filter((outcome) => declared === "before" && outcome.declared)
      .map(({ name }) => [name, looksAt(name, runs, analysis)]),
  );
  return {
    outcomes,
    sample,
    context: { declared, looks, analysis, seed },
    hints: once(() => interactionHints(outcomes, sample.context)),
  };
}

/** The results of one outcome. They are plain data, so a worker can compute them. */
export type OutcomeResults =
  & Omit<TestableOutcome, "outcome">
  & Readonly<{
    tests: readonly EffectTest[];
    joint: readonly TriedJoint[];
    trends: readonly OutcomeTrends[];
    multiverses: readonly Multiverse[];
  }>;

/** Computes all tests of one outcome. They do not depend on other outcomes. */
export function outcomeResults(
  outcome: Outcome,
  sample: Sample,
  { analysis, seed, looks }: ComparisonContext,
): OutcomeResults {
  const { effects, factors } = sample;
  const subject = subjectOf(outcome, sample, {
    ...differenceOptions(outcome, seed, analysis.level),
    ...outcome.declared ? {} : { permutations: PERMUTATIONS_EXPLORATORY },
  });
  const nominal = looks.get(outcome.name)?.sequence?.nominal;
  const plans = testPlans(outcome, { effects, factors, analysis, isMatched: sample.isMatched });
  const tests = plans.map((plan): EffectTest => {
    const test = plannedTest(plan, subject, { analysis, nominal });
    return { ...test, checks: isUnavailable(test.figures) ? [] : checksOf(plan, subject) };
  });
  // Joint tests and multiverses fit further models, which are not listed.
  const models = subject.models.tried();
  return {
    models,
    comparisons: subject.comparisons,
    tests,
    joint: triedJoints(tests, subject, analysis),
    trends: outcomeTrends(tests, subject, analysis),
    multiverses: multiversesOf(subject, sample, { analysis, seed }),
  };
}

/**
 * Compares outcomes from the results of each outcome.
 *
 * @param results In the order of the outcomes.
 */
export function comparisonsFrom(
  results: readonly OutcomeResults[],
  { outcomes, sample, hints, context: { declared, looks, analysis } }: ComparedOutcomes,
): OutcomeComparisons {
  const { observations, compared, factors } = sample;
  const tests = adjusted(results.flatMap(({ tests }) => tests), looks, analysis.correction);
  return {
    discussions: compared.length,
    leftOut: observations.length - compared.length,
    declared,
    factors: factors.map(({ name, levels, reference }) => ({ name, levels, reference })),
    outcomes: results.map(({ models, comparisons }, place) => ({
      outcome: outcomes[place]!,
      models,
      comparisons,
    })),
    looks,
    tests,
    ...jointTests(results.flatMap(({ joint }) => joint), tests, { analysis, looks }),
    trends: results.flatMap(({ trends }) => trends),
    hints: hints(),
    multiverses: results.flatMap(({ multiverses }) => multiverses),
  };
}

/**
 * Computes a planned test with its test of equivalence.
 *
 * @param nominal The p value below which the test finds an effect at this look; `undefined` without looks.
 */
export function plannedTest(
  plan: TestPlan,
  subject: TestSubject,
  { analysis, nominal }: Readonly<{ analysis: AnalysisDesign; nominal: number | undefined }>,
): Omit<EffectTest, "checks"> {
  const test = atLook(testOf(plan, subject), nominal);
  return { ...test, equivalence: equivalenceOf(test, analysis, nominal) };
}

/**
 * The test with an interval that allows for looks. The test finds an effect at this look if 0 lies outside the
 * interval.
 */
function atLook(test: ComputedTest, nominal: number | undefined): ComputedTest {
  if (nominal === undefined || !test.declared || isUnavailable(test.figures)) return test;
  const early = unavailable("this look comes too early");
  const figures = nominal < NOMINAL_MIN
    ? { ...test.figures, interval: early }
    : atLevel(test.figures, 1 - nominal);
  return { ...test, figures };
}

/**
 * The test of equivalence of a declared effect that does not contain `turn`. If looks are declared, the effect
 * is equivalent to 0 only if the interval that allows for looks lies within the margin.
 */
function equivalenceOf(
  { outcome, term, declared, figures }: ComputedTest,
  { margin = {}, level }: AnalysisDesign,
  nominal: number | undefined,
): EffectTest["equivalence"] {
  const own = ownOf(margin, outcome);
  if (own === undefined || !declared || term.throughTurns) return null;
  if (isUnavailable(figures)) return figures;
  const alpha = nominal === undefined ? 1 - level : nominal / 2;
  if (alpha < NOMINAL_MIN) return unavailable("this look comes too early");
  const { p, interval } = equivalence(figures, own, alpha);
  return { margin: own, p, interval, adjusted: null };
}
