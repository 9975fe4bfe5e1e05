/**
 * Analysis: agreement, inference that takes discussions for its units, and power.
 *
 * What cannot be computed says why: see {@linkcode Unavailable}.
 *
 * @module
 */
export { type Interval, LEVEL } from "./interval.ts";
export { type Coefficient, fitMixedModel, type MixedModel, type MixedModelOptions } from "./mixed_model.ts";
export type { Covariate, Factor, ModelData } from "./model_matrix.ts";
export type { Method } from "./profile_likelihood.ts";
export { isUnavailable, type Unavailable, unavailable } from "./unavailable.ts";
