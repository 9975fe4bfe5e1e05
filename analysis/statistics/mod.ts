/**
 * Statistics: functions of plain numbers. They do not depend on the types of discussions.
 *
 * @module
 */
export { type ClassifierTest, classifierTest, type ClassifierTestOptions } from "./two_sample_classifier.ts";
export { cliffsDelta, type EffectSize, hedgesG } from "./effect_size.ts";
export {
  type BootstrapEstimate,
  type BootstrapOptions,
  clusterBootstrap,
  RESAMPLES,
  type StratifiedOptions,
} from "./cluster_bootstrap.ts";
export type { DrawCount } from "./draw_counts.ts";
export { type Equivalence, equivalence } from "./equivalence.ts";
export { fitLinearModel, type LinearModel, type LinearModelOptions } from "./linear_model.ts";
export { benjaminiHochberg, holm } from "./corrections.ts";
export { lookBoundaries, nominalLevel, repeatedP, spentAlpha } from "./group_sequential.ts";
export { jensenShannon } from "./jensen_shannon.ts";
export { type CumulativeLinkMixedModel, fitCumulativeLinkMixedModel } from "./cumulative_link_mixed_model.ts";
export { fitLogisticMixedModel, type LogisticMixedModel } from "./logistic_mixed_model.ts";
export type { LinkModel, LinkModelOptions } from "./link_model.ts";
export { type DistributionDistance, distributionDistance } from "./distribution_distance.ts";
export { type CorpusDistances, corpusDistances } from "./corpus_distances.ts";
export { type EnergyDistance, energyDistance, type EnergyOptions } from "./energy_distance.ts";
export { type VectorDistanceOptions, type VectorDistances, vectorDistances } from "./vector_distances.ts";
export { type Interval, LEVEL } from "./distributions.ts";
export {
  type Alpha,
  alphaInterval,
  krippendorffAlpha,
  type MeasurementLevel,
  type Rating,
  type Ratings,
  rawAgreement,
} from "./agreement.ts";
export type { Coefficient, Combination, JointTest, TermTest } from "./coefficients.ts";
export { fitMixedModel, type MixedModel, type MixedModelOptions, type Variances } from "./mixed_model.ts";
export type { Covariate, Factor, ModelData } from "./model_matrix.ts";
export { type PairedDifference, pairedDifference, type PairedOptions } from "./paired_difference.ts";
export {
  EXACT_MAX,
  type PermutationOptions,
  type PermutationResult,
  PERMUTATIONS,
  permutationTest,
  signFlipTest,
} from "./permutation.ts";
export { type FactorialPermutation, permuteFactorial } from "./permute_factorial.ts";
export { type Doubt, type ResidualChecks, residualChecks } from "./residual_checks.ts";
export { compareFits, type FitComparison } from "./compare_fits.ts";
export { polarisation } from "./polarisation.ts";
export { type Method } from "./profile_likelihood.ts";
export { isUnavailable, type Unavailable, unavailable } from "./unavailable.ts";
