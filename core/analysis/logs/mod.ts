/**
 * What the logs of a run say, each collected in the same pass over them.
 *
 * @module
 */
export type { LogCollector, LogEnd } from "./collector.ts";
export { Distinct, DISTINCT_MAX, type DistinctValues, type Occurrence, tally } from "./distinct.ts";
export {
  type ConditionStatus,
  DAMAGED_NAMED_MAX,
  type DamagedLog,
  type LogsStatus,
  type ModelStatus,
  type PassStatus,
  type PriceLookUp,
  StatusTally,
} from "./status_tally.ts";
