/**
 * Outcomes: what discussions came to under which condition.
 *
 * @module
 */
export type { Judgements, Observation, Slot } from "./observation.ts";
export type { Outcome, OutcomeValue } from "./outcome.ts";
