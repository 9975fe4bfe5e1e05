/**
 * Power: simulates larger experiments with the estimates of a pilot, and analyses them as the report does.
 *
 * @module
 */
export {
  type PowerCurve,
  powerCurve,
  powerFrom,
  type PowerSearch,
  type PowerTarget,
  reached,
  REPLICATIONS_MAX,
  REPLICATIONS_MIN,
  type Share,
  type Simulate,
  SIMULATIONS,
  type StudyPower,
  type TestPower,
} from "./curve.ts";
export type { OutcomeSource, SourceKind } from "./outcome_source.ts";
export { type PilotStudy, pilotStudy, type StudyTest } from "./pilot_study.ts";
export {
  addTallies,
  type Experiments,
  type PlannedStudy,
  type PowerTally,
  simulateExperiments,
  type TestTally,
} from "./simulate.ts";
