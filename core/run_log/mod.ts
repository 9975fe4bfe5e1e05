/**
 * The log of a run as a whole: its declaration, and later changes of its plan and of its models' addresses.
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
