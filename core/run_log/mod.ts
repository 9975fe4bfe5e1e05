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
  reachedAfter,
  RUN_STREAM,
  type RunLog,
  runLogAfter,
} from "./run_log.ts";
export {
  type ModelsReached,
  type PlanExtended,
  type ReachedModel,
  type RunCreated,
  type RunEvent,
  type RunRecord,
} from "./run_event.ts";
