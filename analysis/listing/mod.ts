/**
 * The list of discussions: its rows and queries.
 *
 * @module
 */
export type { DiscussionRow, RowStatus } from "./row.ts";
export type { FacetValue, ListAnswer, ListQuery, RowFilters } from "./query.ts";
export { disagreement, scaleLimits } from "./disagreement.ts";
