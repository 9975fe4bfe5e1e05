/**
 * Compares outcomes between conditions: tests every effect on every outcome, and keeps declared tests apart from all
 * others.
 */
import type { AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import { benjaminiHochberg, holm } from "../statistics/corrections.ts";
import { PERMUTATIONS } from "../statistics/permutation.ts";
import { repeatedP } from "../statistics/group_sequential.ts";
import { isUnavailable, unavailable } from "../statistics/unavailable.ts";
import { effectsOf } from "./effects.ts";
import { type EffectTest, effectTests, type TestableOutcome } from "./effect_tests.ts";
import { looksAt, type OutcomeLooks, type RunLooks } from "./looks.ts";
import { type ObservedFactor, observedFactors, ownOf } from "./factors.ts";
import { levelComparisons } from "./level_comparisons.ts";
import { differenceOptions, type DiscussionValue, discussionValue } from "./level_differences.ts";
import type { Observation } from "./observation.ts";
import { type Outcome, outcomesOf } from "./outcomes.ts";
import { outcomeModels } from "./outcome_models.ts";

/** Random permutations for outcomes that are not declared. Their p is at least 0.001. */
const PERMUTATIONS_EXPLORATORY = 999;

/** If p must be below a smaller value at a look, no interval can be computed: its level is too close to 1. */
const NOMINAL_MIN = 1e-6;

/** When the analysis was declared. Only an analysis declared `before` the run can confirm an effect. */
export type DeclaredWhen = "before" | "after" | "none";

/** How outcomes are compared. */
export type CompareOptions = Readonly<{
  /** Equal seeds give equal figures. */
  seed: string;
  declared: DeclaredWhen;
  /** Factor → its levels in the order of the experiment file. Levels without discussions count as declared, too. */
  order?: Readonly<Record<string, readonly string[]>>;
  /** The looks at the analysed runs; runs without a run log are left out. */
  looks?: readonly RunLooks[];
}>;

/** A test with its adjusted p. */
export type AdjustedTest =
  & EffectTest
  & Readonly<{
    /** Whether it was declared before the run, and the sample did not change after its results were seen. */
    confirmatory: boolean;
    /**
     * Whether it was declared before the run, but after its results were seen the sample grew beyond declared looks, or a
     * repair removed events.
     */
    sampleChanged: boolean;
    /** p, adjusted for all looks so far; `null` if the test allows for no looks, or has no figures. */
    repeated: number | null;
    /**
     * p or repeated p, adjusted over all tests that were declared before the run by the analysis's correction, or over all
     * other tests by Benjamini and Hochberg's. A declared test without figures counts as p = 1. `null` for any other test
     * without figures.
     */
    adjusted: number | null;
  }>;

/** Outcomes compared between conditions. */
export type OutcomeComparisons = Readonly<{
  /** The number of compared discussions, which are complete, and of discussions left out. */
  discussions: number;
  leftOut: number;
  declared: DeclaredWhen;
  factors: readonly Readonly<Pick<ObservedFactor, "name" | "levels" | "reference">>[];
  /** Declared outcomes first. */
  outcomes: readonly TestableOutcome[];
  /** Declared outcome → what looks mean for its tests; empty unless the analysis was declared before the run. */
  looks: ReadonlyMap<string, OutcomeLooks>;
  /** In the order of the outcomes. */
  tests: readonly AdjustedTest[];
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
  { seed, declared, order = {}, looks: runs = [] }: CompareOptions,
): OutcomeComparisons {
  const places = [...observations.keys()].filter((place) => observations[place]!.end === "completed");
  const compared = places.map((place) => observations[place]!);
  const factors = plannedFactors(observations, analysis.reference, order);
  const ofCompared = factors.map((factor) => ({ ...factor, of: places.map((place) => factor.of[place]!) }));
  const testable = (outcome: Outcome, level: number): TestableOutcome => {
    const values: DiscussionValue[] = observations.map(() => null);
    for (const [index, place] of places.entries()) values[place] = discussionValue(outcome.values[index]!);
    const options = {
      ...differenceOptions(outcome, seed, level),
      permutations: outcome.declared ? PERMUTATIONS : PERMUTATIONS_EXPLORATORY,
    };
    const design = { ...analysis, level };
    return {
      outcome,
      models: outcome.unit === "comment" ? outcomeModels(outcome, compared, ofCompared, design) : null,
      comparisons: factors.flatMap((factor) => levelComparisons(factor, observations, values, options)),
    };
  };
  const effects = effectsOf(factors, analysis.effects);
  const testsOf = (one: TestableOutcome) => effectTests(one, effects, factors, analysis.test);
  const outcomes = outcomesOf(compared, analysis).map((outcome) => testable(outcome, analysis.level));
  const looks = new Map(
    outcomes.filter(({ outcome }) => declared === "before" && outcome.declared)
      .map(({ outcome: { name } }) => [name, looksAt(name, runs, analysis)]),
  );
  const tests = outcomes.flatMap((one): readonly EffectTest[] => {
    const nominal = looks.get(one.outcome.name)?.sequence?.nominal;
    if (nominal === undefined) return testsOf(one);
    // Repeated intervals: a test of this look finds an effect if its interval leaves out 0.
    const repeated = nominal < NOMINAL_MIN
      ? testsOf(one).map(withoutInterval)
      : testsOf(testable(one.outcome, 1 - nominal));
    return testsOf(one).map((test, index) => test.declared ? repeated[index]! : test);
  });
  return {
    discussions: compared.length,
    leftOut: observations.length - compared.length,
    declared,
    factors: factors.map(({ name, levels, reference }) => ({ name, levels, reference })),
    outcomes,
    looks,
    tests: adjust(tests, looks, analysis.correction),
  };
}

function withoutInterval(test: EffectTest): EffectTest {
  if (isUnavailable(test.figures)) return test;
  return { ...test, figures: { ...test.figures, interval: unavailable("this look comes too early") } };
}

/** The observed and the planned factors, including levels without discussions. */
function plannedFactors(
  observations: readonly Observation[],
  reference: AnalysisDesign["reference"],
  order: Readonly<Record<string, readonly string[]>>,
): readonly ObservedFactor[] {
  const observed = observedFactors(observations, reference, order);
  const lacking = Object.entries(order).filter(([name, levels]) =>
    levels.length > 1 && observed.every((factor) => factor.name !== name)
  ).map(([name, levels]): ObservedFactor => ({
    name,
    levels,
    reference: ownOf(reference, name) ?? levels[0]!,
    of: observations.map(({ factors }) => ownOf(factors, name) ?? null),
  }));
  const planned = observed.map((factor): ObservedFactor => {
    const unseen = (ownOf(order, factor.name) ?? []).filter((level) => !factor.levels.includes(level));
    return { ...factor, levels: [...factor.levels, ...unseen] };
  });
  return [...planned, ...lacking];
}

function adjust(
  tests: readonly EffectTest[],
  looks: OutcomeComparisons["looks"],
  correction: AnalysisDesign["correction"],
): readonly AdjustedTest[] {
  const placed = tests.map((test): Omit<AdjustedTest, "adjusted"> => {
    const { seenBeforeChange = [], sequence = null } = looks.get(test.outcome) ?? {};
    const declaredBefore = test.declared && looks.has(test.outcome);
    return {
      ...test,
      confirmatory: declaredBefore && seenBeforeChange.length === 0,
      sampleChanged: declaredBefore && seenBeforeChange.length > 0,
      repeated: declaredBefore && sequence !== null && !isUnavailable(test.figures)
        ? repeatedP(test.figures.p, sequence.fractions)
        : null,
    };
  });
  const isFamily = (test: Omit<AdjustedTest, "adjusted">) => test.confirmatory || test.sampleChanged;
  const pOf = ({ figures, repeated }: Omit<AdjustedTest, "adjusted">) =>
    isUnavailable(figures) ? 1 : repeated ?? figures.p;
  const family = placed.filter(isFamily);
  const others = placed.filter((test) => !isFamily(test) && !isUnavailable(test.figures));
  const adjusted = new Map([
    ...zip(family, corrected(family.map(pOf), correction)),
    ...zip(others, benjaminiHochberg(others.map(pOf))),
  ]);
  return placed.map((test) => ({ ...test, adjusted: adjusted.get(test) ?? null }));
}

function corrected(ps: readonly number[], correction: AnalysisDesign["correction"]): readonly number[] {
  switch (correction) {
    case "holm":
      return holm(ps);
    case "benjamini-hochberg":
      return benjaminiHochberg(ps);
    case "none":
      return ps;
    default:
      throw new RangeError(`Cannot correct by "${correction satisfies never}"`);
  }
}

function zip<Test>(tests: readonly Test[], ps: readonly number[]): (readonly [Test, number])[] {
  return tests.map((test, index) => [test, ps[index]!]);
}
