/** The part of outcomes, as long as there is none. */
import { Refused } from "./refused.ts";
import type { OutcomesPart } from "./run_source.ts";

const refuse = () => Promise.reject(new Refused("Cannot show outcomes: this version of the page has none"));

/** Shows no outcomes. */
export const noOutcomes: OutcomesPart = {
  factsOf: () => ({ look: null }),
  valueOf: () => null,
  look: refuse,
  outcome: refuse,
  report: refuse,
};
