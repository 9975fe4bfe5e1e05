/**
 * Outcomes: what discussions came to under which condition, and how they compare.
 *
 * @module
 */
export {
  type AdjustedTest,
  type CompareOptions,
  compareOutcomes,
  type DeclaredWhen,
  type OutcomeComparisons,
} from "./compare_outcomes.ts";
export { bootstrapped, describe, type Description, type IntervalOf, ofStudentsT } from "./describe.ts";
export {
  type Agreement,
  agreementOn,
  type AnnotatorUse,
  annotatorUses,
  type PairAgreement,
  pairAgreements,
  POLARISATION_ANNOTATORS_MIN,
  POLARISATION_STEPS_MAX,
  polarisations,
} from "./describe_agreement.ts";
export {
  CONDUCT_FIGURES,
  type ConductCounts,
  type ConductFigure,
  countByRole,
  countConduct,
  openingsOf,
  type RoleConduct,
} from "./describe_conduct.ts";
export type { EffectTest, TestableOutcome, TestFigures, TestMethod } from "./effect_tests.ts";
export type { Contrast, EffectTerm } from "./effects.ts";
export { CONDITION, factorLevels, type ObservedFactor, observedFactors, ownOf, RUN } from "./factors.ts";
export { type Group, type Grouping, groupings } from "./groupings.ts";
export { type Bin, BINS_MAX, BINS_MIN, binsOf, sharesIn, stepBins } from "./histogram.ts";
export { type JudgedScale, judgedScales, measurementLevel, ratingNumber } from "./judged_scales.ts";
export type { LevelComparison, LevelSummary } from "./level_comparisons.ts";
export { type MeanEstimate, meanEstimate } from "./mean_estimate.ts";
export type { Judgements, Observation, ObservedSlot } from "./observation.ts";
export { observe } from "./observe.ts";
export type { Outcome, OutcomeValue } from "./outcome.ts";
export {
  type OutcomeModel,
  type OutcomeModelData,
  outcomeModelData,
  type OutcomeModels,
} from "./outcome_models.ts";
export { outcomesOf } from "./outcomes_of.ts";
export { type Pilot, type PilotModel, pilotOf } from "./pilot.ts";
export { scalesOf } from "./scales_of.ts";
export { PLACES_MAX, placesPerBin, timeCourse, type TimePoint } from "./time_course.ts";
