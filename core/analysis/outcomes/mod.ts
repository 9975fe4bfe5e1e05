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
  PERMUTATIONS_EXPLORATORY,
  RESAMPLES_EXPLORATORY,
} from "./compare_outcomes.ts";
export type { Contrast, EffectTerm } from "./effects.ts";
export type { EffectTest, TestableOutcome, TestFigures, TestMethod } from "./effect_tests.ts";
export { CONDITION, type ObservedFactor, observedFactors, RUN } from "./factors.ts";
export type { LevelComparison, LevelSummary } from "./level_comparisons.ts";
export type { Judgements, Observation, Slot } from "./observation.ts";
export { Observer } from "./observe.ts";
export type { Outcome, OutcomeValue } from "./outcome.ts";
export {
  type OutcomeModel,
  type OutcomeModelData,
  outcomeModelData,
  type OutcomeModels,
} from "./outcome_models.ts";
export { outcomesOf } from "./outcomes_of.ts";
export { type Pilot, type PilotModel, pilotOf } from "./pilot.ts";
