/**
 * What tests of outcomes share.
 *
 * @module
 */
export { judgementsOf, observationsWith, observationWith, type RandomDiscussions } from "./observations.ts";
