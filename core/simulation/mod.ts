/**
 * Simulation: runs the whole engine in a simulated world. One seed decides everything in this world, also
 * faults and chance.
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
export { type Cancel, Scheduler, type SimulatedClock, simulatedClock } from "./simulated_time.ts";
export type { OpenRecording } from "./simulated_run.ts";
export {
  type DatabaseCosts,
  type ManyWorkersOptions,
  type ManyWorkersReport,
  simulateManyWorkers,
} from "./many_workers.ts";
export {
  ConnectionCut,
  type SentAppend,
  SharedDatabase,
  SimulatedProcess,
  WORKER_FAULT_RATES_MAX,
  WORKER_FAULTS,
  type WorkerFault,
  WorkerWeather,
} from "./shared_database.ts";
export { SharedStore } from "./shared_store.ts";
export { simulateWorkers, type WorkersReport, type WorkersSimulationOptions } from "./simulate_workers.ts";
export { SimulationFailure } from "./simulation_failure.ts";
export { simulate, type SimulationOptions, type SimulationReport } from "./simulate.ts";
export { SimulatedDisk, SimulatedFile, SimulatedStore, type StoreParts } from "./simulated_store.ts";
