/**
 * The log of a run as a whole: what was declared when it was made, and what became of its plan.
 *
 * @module
 */
export {
  asOf,
  encodeRunEvent,
  headOf,
  type MixedUp,
  mixedUp,
  type ModelsReached,
  type PlanExtended,
  reachedAfter,
  type ReachedModel,
  RUN_STREAM,
  type RunCreated,
  type RunEvent,
  type RunLog,
  runLogAfter,
  type RunRecord,
} from "./run_log.ts";
