/**
 * Outcomes: what discussions came to under which condition.
 *
 * @module
 */
export { CONDITION, type ObservedFactor, observedFactors, RUN } from "./factors.ts";
export type { Judgements, Observation, Slot } from "./observation.ts";
export { Observer } from "./observe.ts";
export type { Outcome, OutcomeValue } from "./outcome.ts";
export { outcomesOf } from "./outcomes_of.ts";
