/**
 * Simulation: the whole engine in a world of which everything, faults and chance included, follows from one seed.
 *
 * @module
 */
export type { AnswerKind } from "./answers.ts";
export { type Fault, FAULT_RATES_MAX, type FaultCounts, FAULTS, Weather } from "./faults.ts";
export { BrokenPromise } from "./ledger.ts";
export { type Reaction, type ReactionCounts, REACTIONS } from "./reactions.ts";
export { type Cancel, Scheduler } from "./scheduler.ts";
export type { Ended, Ends, Program } from "./program.ts";
export type { Scenario } from "./scenario.ts";
export { simulate, SimulationFailure, type SimulationOptions, type SimulationReport } from "./simulate.ts";
export { SimulatedDisk, SimulatedFile } from "./simulated_disk.ts";
export { SimulatedStore, type StoreParts } from "./simulated_store.ts";
