/**
 * What the logs of a run say, each collected in the same pass over them.
 *
 * @module
 */
export type { LogCollector, LogEnd } from "./collector.ts";
export {
  type ConditionDesign,
  type DesignFacts,
  DesignTally,
  type ImportFacts,
  type ModelUse,
  type PassDesign,
  type RoleUse,
} from "./design_tally.ts";
export { costsOf } from "./costs.ts";
export type { DistinctValues, Occurrence } from "./distinct.ts";
export {
  type Ends,
  type ExecutionFacts,
  ExecutionTally,
  type JudgementFacts,
  type ReplyFacts,
  type RequestFacts,
} from "./execution_tally.ts";
export { headProblems, type RunHeads, RunHeadTally, type RunLogFacts } from "./run_heads.ts";
export {
  countReply,
  plainCounts,
  REPLIES_WARNED_SHARE_MIN,
  type ReplyCounts,
  replyWarnings,
} from "./reply_counts.ts";
export {
  type ConditionStatus,
  type DamagedLog,
  type LogsStatus,
  type ModelStatus,
  type PassStatus,
  type PriceLookUp,
  StatusTally,
} from "./status_tally.ts";
export type { Use } from "./uses.ts";
