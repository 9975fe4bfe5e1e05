/**
 * Simulation: the whole engine in a world of which everything, faults and chance included, follows from one seed.
 *
 * @module
 */
export { type AnswerKind, type Ended, type Ends, type Program, type Scenario } from "./scenario.ts";
export {
  type Fault,
  FAULT_RATES_MAX,
  type FaultCounts,
  FAULTS,
  type Reaction,
  type ReactionCounts,
  REACTIONS,
  Weather,
} from "./faults.ts";
export { type Cancel, Scheduler } from "./simulated_time.ts";
export { simulate, SimulationFailure, type SimulationOptions, type SimulationReport } from "./simulate.ts";
export { SimulatedDisk, SimulatedFile, SimulatedStore, type StoreParts } from "./simulated_store.ts";
