/**
 * What tests of the analysis share.
 *
 * @module
 */
export { FIRST, SECOND } from "./sleep.ts";
