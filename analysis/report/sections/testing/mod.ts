/**
 * Discussions for tests of sections, as they are observed.
 *
 * @module
 */
export { type Judged, observed, type Sketch } from "./observed.ts";
export { keyed, rowsOf, tablesOf } from "./rows.ts";
