/**
 * What tests of the analysis share.
 *
 * @module
 */
export { firstNotFinite } from "./not_finite.ts";
export { FIRST, SECOND } from "./sleep.ts";
