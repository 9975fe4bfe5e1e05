/** Reads a pilot: the tests that its analysis declares, and the models from which simulated outcomes are drawn. */
import { type AnalysisDesign, TIME } from "../../core/experiment/analysis_design.ts";
import { testOf, type TestSubject, unitOf } from "../outcomes/effect_tests.ts";
import type { Contrast, EffectTerm } from "../outcomes/effects.ts";
import { type ObservedFactor, ownOf } from "../outcomes/factors.ts";
import { type LevelComparison, matchedContrast } from "../outcomes/level_comparisons.ts";
import type { DiscussionMeans } from "../outcomes/outcome_values.ts";
import type { Observation } from "../outcomes/observation.ts";
import { outcomeModels } from "../outcomes/outcome_models.ts";
import { type Outcome, outcomesOf } from "../outcomes/outcomes.ts";
import { termPermutation } from "../outcomes/permuted_term.ts";
import type { EffectTest } from "../outcomes/results.ts";
import { allMeans, type Sample, sampleOf } from "../outcomes/sample.ts";
import { type TestPlan, testPlans } from "../outcomes/test_plans.ts";
import { coefficientName, type CoefficientPart } from "../statistics/coefficient_names.ts";
import { isUnavailable, type Unavailable, unavailable } from "../statistics/unavailable.ts";
import { fitSource, kindFor, type OutcomeSource, type SourceKind } from "./outcome_source.ts";

/** A declared test of a study that is planned. */
export type StudyTest = Readonly<{
  plan: TestPlan;
  unit: EffectTest["unit"];
  /** The margin of equivalence; `null` if none is declared for this effect. */
  margin: number | null;
  /** The figures of the test in the pilot, and the method in words. */
  figures: EffectTest["figures"];
  estimator: string;
  /** The index of the source in {@linkcode PilotStudy.sources} from which the test's values are drawn. */
  source: number;
  /** The name of the test's coefficient in the source; `null` if the source does not have the coefficient. */
  coefficient: string | null;
}>;

/** A pilot, as plain data. */
export type PilotStudy = Readonly<{
  /** The completed discussions. */
  observations: readonly Observation[];
  analysis: AnalysisDesign;
  order: Readonly<Record<string, readonly string[]>>;
  /** Whether conditions are matched. If they are, models have replicates as blocks. */
  matched: boolean;
  /** The number of conditions. A replication is one discussion in each. */
  conditions: number;
  /**
   * The outcomes, and the models from which their values are drawn. An outcome with tests in two units is here
   * twice.
   */
  sources: readonly Readonly<{ outcome: Outcome; source: OutcomeSource | Unavailable }>[];
  tests: readonly StudyTest[];
}>;

/** The numbers of random draws for figures that power does not use. */
const DRAWS = { resamples: 2, permutations: 1 } as const;

/** The number of random permutations of a test, so that p is at least 0.001. */
const PERMUTATIONS_PLANNED = 999;

/**
 * Reads a pilot. The declared outcomes and effects are tested as in the report.
 *
 * @param observations All discussions. Incomplete ones are left out.
 * @param analysis The declared analysis of the study to plan.
 */
export function pilotStudy(
  observations: readonly Observation[],
  analysis: AnalysisDesign,
  order: PilotStudy["order"],
): PilotStudy {
  const sample = sampleOf(observations, analysis, order);
  const { compared, factors, effects, isMatched, context } = sample;
  const sources: { outcome: Outcome; source: OutcomeSource | Unavailable }[] = [];
  const tests = outcomesOf(compared, analysis).filter(({ declared }) => declared).flatMap((outcome) => {
    const plans = testPlans(outcome, { effects, factors, analysis, isMatched })
      .filter(({ declared }) => declared).map((plan) => ({ ...plan, checks: [] }));
    const subject = subjectFor(outcome, sample, { plans, seed: "pilot" });
    const byKind = Map.groupBy(plans, ({ method }) => kindFor(method, outcome.unit));
    return [...byKind].flatMap(([kind, own]) => {
      const place = sources.length;
      const fitting = settingsOf(kind, own);
      const source = fitSource(outcome, context, fitting);
      sources.push({ outcome, source });
      return own.map((plan): StudyTest => {
        const { figures, estimator } = testOf(plan, subject);
        return {
          plan,
          unit: unitOf(plan.method),
          margin: plan.term.throughTurns ? null : ownOf(analysis.margin ?? {}, outcome.name) ?? null,
          figures,
          estimator,
          source: place,
          coefficient: isUnavailable(source) ? null : nameIn(source, plan.term),
        };
      });
    });
  });
  return {
    observations: compared.map((observation) => ({ ...observation, slots: [], judgements: [] })),
    analysis,
    order,
    matched: context.blocks !== null,
    conditions: new Set(compared.map(({ condition }) => condition)).size,
    sources,
    tests,
  };
}

/** The kind of the source's model. It has all terms that any of the tests needs. */
function settingsOf(kind: SourceKind, plans: readonly TestPlan[]) {
  const throughTurns = plans.some(({ term }) => term.throughTurns);
  return {
    kind,
    use: throughTurns ? "trends" : "levels",
    slopes: plans.some(({ slopes }) => slopes === true),
  } as const;
}

/** The name of a term's coefficient in a source. The source's model can name the factors in a different order. */
function nameIn({ coefficients }: OutcomeSource, { contrasts, throughTurns }: EffectTerm): string | null {
  const parts = contrasts.map(({ factor, level }): CoefficientPart => ({ name: factor, level }));
  const names = orders(throughTurns ? [...parts, { name: TIME }] : parts).map(coefficientName);
  return names.find((name) => Object.hasOwn(coefficients, name)) ?? null;
}

function orders(parts: readonly CoefficientPart[]): readonly (readonly CoefficientPart[])[] {
  if (parts.length < 2) return [parts];
  return parts.flatMap((first, at) => orders(parts.toSpliced(at, 1)).map((others) => [first, ...others]));
}

/**
 * An outcome, with all data that its planned tests need. Figures that power does not use are computed from few
 * draws.
 */
export function subjectFor(
  outcome: Outcome,
  sample: Sample,
  { plans, seed }: Readonly<{ plans: readonly TestPlan[]; seed: string }>,
): TestSubject {
  const { observations, factors, context } = sample;
  const options = { ...DRAWS, seed, level: context.level };
  const values = allMeans(outcome, sample);
  const contrasts = new Map(
    plans.flatMap(({ term }) => term.contrasts).map((contrast) => [JSON.stringify(contrast), contrast]),
  );
  return {
    outcome,
    models: outcomeModels(outcome, context),
    comparisons: [...contrasts.values()].map((contrast) => countedLevels(contrast, factors, values)),
    pairs: (contrasts) => matchedContrast(contrasts, { factors, observations, values }, options),
    permuted: termPermutation(outcome, context, { ...options, permutations: PERMUTATIONS_PLANNED }),
    factors: factors.map(({ name }) => name),
  };
}

/** A comparison of two levels that has only the numbers of discussions. */
function countedLevels(
  contrast: Contrast,
  factors: readonly ObservedFactor[],
  { counts }: DiscussionMeans,
): LevelComparison {
  const { of } = factors.find(({ name }) => name === contrast.factor)!;
  const nothing = unavailable("power does not need it");
  const at = (level: string) => ({
    discussions: counts.filter((count, place) => count > 0 && of[place] === level).length,
    values: 0,
    mean: nothing,
  });
  return {
    contrast,
    level: at(contrast.level),
    reference: at(contrast.reference),
    difference: nothing,
    permutation: nothing,
    g: nothing,
    delta: nothing,
    paired: null,
  };
}
