/**
 * The list of discussions: its rows, its queries, and the overview that sums it up.
 *
 * @module
 */
export type { DiscussionRow, RowStatus } from "./row.ts";
export type { FacetValue, ListAnswer, ListQuery, RowFilters } from "./query.ts";
export { disagreement, scaleLimits } from "./disagreement.ts";
export { type ListedLog, listLog, type LogFacts, tooShort, waitingRow, withEnd } from "./listed_log.ts";
export {
  compareRows,
  DISAGREEMENT_MIN,
  isUnfiltered,
  listRows,
  type OutcomeLookUp,
  rowFilter,
} from "./list_rows.ts";
export { type ConditionProgress, type RunOverview, runOverview, type RunPlan } from "./overview.ts";
