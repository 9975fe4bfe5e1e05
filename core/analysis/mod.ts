/**
 * Analysis: what discussions came to, in figures; whether they ran as declared; agreement of annotators, inference that
 * takes discussions for its units, and power.
 *
 * What cannot be computed says why: see {@linkcode Unavailable}.
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
export { type Conduct, measureConduct, type SpeakerConduct, type TurnStructure } from "./conduct.ts";
export { benjaminiHochberg, holm } from "./corrections.ts";
export { jensenShannon } from "./divergence.ts";
export { distinctN, type Diversity, diversity, measureDiversity } from "./diversity.ts";
export type { EffectSize } from "./effect_size.ts";
export {
  type ChanceTest,
  type Declaration,
  type Declared,
  declaredAs,
  declaredBy,
  Fidelity,
  type FidelityCheck,
  type FidelityOptions,
  type Finding,
  type Reading,
  type Verdict,
} from "./fidelity/mod.ts";
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
export { rougeL } from "./rouge.ts";
export { type MeasureTexts, measureTexts, type TextMeasures } from "./text_measures.ts";
export { isUnavailable, type Unavailable, unavailable } from "./unavailable.ts";
export { wordCount } from "./word_count.ts";
