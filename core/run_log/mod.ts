/**
 * The run log. It has the run's record and its changes, the processes that worked on the run, the ends of the
 * discussions' logs, and looks at results.
 *
 * @module
 */
export { reachedAfter, type ReachedModel } from "./reached_models.ts";
export type { RecordedCode } from "./recorded_code.ts";
export { changedCode, codeWithoutCopies } from "./code_checks.ts";
export { type Growth, hasLook, historyOf, type Look, type Repair, type RunHistory } from "./history.ts";
export {
  encodeRunEvent,
  headOf,
  keptEndsOf,
  logEndsOf,
  type MixedUp,
  mixedUp,
  recordAsOf,
  recordHeadOf,
  RUN_STREAM,
  type RunLog,
  runLogAfter,
  runLogAfterAll,
  runLogEndOf,
  type RunLogEntry,
} from "./run_log.ts";
export type {
  ConsentGiven,
  LogsRecorded,
  ModelsReached,
  PersonWithdrew,
  PlanExtended,
  ResultsViewed,
  RunCreated,
  RunEnded,
  RunEvent,
  RunRecord,
  RunStarted,
} from "./run_events.ts";
export { differencesBetween, listOfDifferences } from "./differences.ts";
export { RunError, type RunErrorKind } from "./run_error.ts";
export { type Consent, isAgreed, type People, peopleOf } from "./people.ts";
export { growthOf, newAddresses, refuseMixedUp, refuseOtherRun } from "./run_growth.ts";
export {
  importedManifest,
  lacksEndOf,
  manifestOf,
  manifestText,
  parseManifest,
  type RunLogState,
  type RunManifest,
} from "./run_manifest.ts";
