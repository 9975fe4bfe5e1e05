/**
 * Statistics: functions of plain numbers, which know nothing of discussions.
 *
 * @module
 */
export { cliffsDelta } from "./cliffs_delta.ts";
export {
  type BootstrapEstimate,
  type BootstrapOptions,
  clusterBootstrap,
  RESAMPLES,
} from "./cluster_bootstrap.ts";
export { benjaminiHochberg, holm } from "./corrections.ts";
export { jensenShannon } from "./divergence.ts";
export type { EffectSize } from "./effect_size.ts";
export { hedgesG } from "./hedges_g.ts";
export { type Interval, LEVEL } from "./interval.ts";
export { type Alpha, alphaInterval, krippendorffAlpha } from "./krippendorff_alpha.ts";
export { type Coefficient, fitMixedModel, type MixedModel, type MixedModelOptions } from "./mixed_model.ts";
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
export { polarisation } from "./polarisation.ts";
export {
  type Power,
  powerOf,
  type PowerQuestion,
  REPLICATIONS_MAX,
  replicationsFor,
  SIMULATIONS,
} from "./power.ts";
export type { Method } from "./profile_likelihood.ts";
export type { MeasurementLevel, Rating, Ratings } from "./ratings.ts";
export { rawAgreement } from "./raw_agreement.ts";
export { isUnavailable, type Unavailable, unavailable } from "./unavailable.ts";
