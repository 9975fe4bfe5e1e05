/**
 * Outcomes: figures of discussions, described and compared between conditions.
 *
 * @module
 */
export {
  type CompareOptions,
  compareOutcomes,
  type DeclaredWhen,
  type OutcomeComparisons,
  type TestableOutcome,
} from "./compare_outcomes.ts";
export type {
  AdjustedTest,
  Alternative,
  EffectEquivalence,
  EffectTest,
  InteractionHint,
  JointEffectTest,
  JointLacking,
  Multiverse,
  OutcomeTrends,
  TestCheck,
  TestFigures,
  TestMethod,
} from "./results.ts";
export { combinationsOf, type FactorLevel, hasLevel, type Trend, trendAt } from "./trend_combinations.ts";
export {
  type Bin,
  BINS_MAX,
  BINS_MIN,
  binsOf,
  bootstrapped,
  describe,
  type Description,
  type IntervalOf,
  type MeanEstimate,
  meanEstimate,
  ofStudentsT,
  placesPerBin,
  sharesIn,
  stepBins,
  timeCourse,
  type TimePoint,
  wholeBins,
} from "./describe.ts";
export { acrossPasses, type SharedScale } from "./across_passes.ts";
export { coursesOf, type Describing, descriptionsOf, type GroupCourse, listsOf } from "./describe_groups.ts";
export {
  type Agreement,
  agreementOn,
  type AnnotatedScale,
  annotatedScales,
  type AnnotatorUse,
  annotatorUses,
  measurementLevel,
  type PairAgreement,
  pairAgreements,
  POLARISATION_ANNOTATORS_MIN,
  POLARISATION_STEPS_MAX,
  polarisations,
} from "./agreement.ts";
export {
  CONDUCT_FIGURES,
  type ConductCounts,
  countByRole,
  countConduct,
  openingsOf,
  type RoleConduct,
  TEXT_FIGURES,
} from "./describe_conduct.ts";
export { type Contrast, effectKey, type EffectTerm, hasTime, type ModelUse } from "./effects.ts";
export type { TestKind, TestPlan } from "./test_plans.ts";
export { modelEstimator } from "./estimators.ts";
export {
  CONDITION,
  factorLevels,
  type Group,
  type GroupedDiscussion,
  type Grouping,
  groupings,
  type ObservedFactor,
  observedFactors,
  ownOf,
  plannedLevels,
  RUN,
} from "./factors.ts";
export { type ComparedOutcome, compareRuns, type RunPair, type RunSample } from "./run_comparison.ts";
export {
  looksAt,
  type LookSequence,
  type OutcomeLooks,
  type RunLooks,
  type SeenBeforeChange,
} from "./looks.ts";
export { type LevelComparison, type LevelSummary } from "./level_comparisons.ts";
export {
  completedOf,
  type Judgements,
  type Observation,
  observationByLabel,
  type ObservedSlot,
} from "./observation.ts";
export { observe } from "./observe.ts";
export {
  type AnnotatedWith,
  type Counting,
  type Outcome,
  outcomesOf,
  type OutcomeSource,
  scalesOf,
} from "./outcomes.ts";
export {
  countIn,
  type DiscussionMeans,
  listIn,
  listsIn,
  meansOf,
  numbersIn,
  type OutcomeValue,
  type OutcomeValues,
  outcomeValues,
  type StoredValues,
} from "./outcome_values.ts";
export { type Repeat, type Repeatable, repeatsIn } from "./repeats.ts";
export { isShare, type OutcomeRange, rangeOf, withinRange } from "./outcome_range.ts";
export {
  columnsOf,
  joinTables,
  type NamedColumn,
  type OutcomeColumn,
  type OutcomeTable,
  OutcomeTally,
  type TabledDiscussion,
} from "./outcome_table.ts";
export { analysisKey, type RunOutcomes, seedOf, viewRuns } from "./run_outcomes.ts";
export {
  discussionMeans,
  type GroupDifference,
  type LabelCounts,
  type OutcomeGroup,
  type OutcomePoint,
  type OutcomeQuestion,
  type OutcomeView,
  POINTS_MAX,
  type TableContext,
  viewOutcome,
} from "./outcome_view.ts";
export { type OutcomeModelData } from "./outcome_model_data.ts";
export { type ModelFit, type ModelKind, type OutcomeModel, type TriedModel } from "./outcome_models.ts";
export {
  COMMENT_LENGTH,
  COMMENTS,
  comparePeople,
  distanceOf,
  type HumanComparison,
  type Measure,
  measuresOf,
  outcomesIn,
  REPEAT_SHARE,
} from "./human_comparison.ts";
export {
  type CommentVector,
  compareVectors,
  type CountedVectors,
  countedVectors,
  VECTOR_DISCUSSIONS_MAX,
  type VectorComparison,
  type VectorsOf,
} from "./human_vectors.ts";
export {
  classifyPeople,
  FEATURE_SHARE_MIN,
  type FeatureDifference,
  type HumanClassification,
  LENGTH_DEVIATION,
} from "./human_classifier.ts";
