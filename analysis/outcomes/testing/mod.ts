/**
 * What tests of outcomes share.
 *
 * @module
 */
export { CROSSED } from "./crossed.ts";
export { judgementsOf, observationsWith, observationWith, type RandomDiscussions } from "./observations.ts";
