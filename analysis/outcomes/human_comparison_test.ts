import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT } from "../../core/experiment/analysis_design.ts";
import type { Scale } from "../../core/annotation/scales/mod.ts";
import { measuresOf } from "./human_comparison.ts";
import type { Observation } from "./observation.ts";
import { judgementsOf, observationWith } from "./testing/mod.ts";

const STEPS: Scale = { name: "toxicity", type: "ordinal", min: 1, max: 5, question: "?" };

/** A discussion with two annotated comments. */
function annotated(scale: Scale, values: readonly number[]): Observation {
  return observationWith({ judgements: [{ ...judgementsOf(scale.name, values), scale }] }, values.length);
}

function toxicityOf(scale: Scale, ofModels = STEPS) {
  return measuresOf([annotated(ofModels, [2, 4])], [annotated(scale, [1, 5])], ANALYSIS_DEFAULT)
    .find(({ name }) => name === "toxicity");
}

Deno.test("measuresOf() compares a scale only if it has the same name, type and steps in both corpora", () => {
  const measure = toxicityOf({ ...STEPS, question: "How toxic?" })!;
  assert.deepEqual([measure.models, measure.people], [[[2, 4]], [[1, 5]]]);
  assert.deepEqual(measure.bins.map(({ from }) => from), [0.5, 1.5, 2.5, 3.5, 4.5]);
  assert.equal(toxicityOf({ ...STEPS, max: 7 }), undefined);
  assert.equal(toxicityOf({ name: "toxicity", type: "interval", min: 1, max: 5, question: "?" }), undefined);
});

Deno.test("measuresOf() does not compare interval scales with different limits", () => {
  const interval = (min: number, max: number): Scale => ({
    name: "toxicity",
    type: "interval",
    min,
    max,
    question: "?",
  });
  assert.equal(toxicityOf(interval(0, 1), interval(0, 100)), undefined);
  assert.notEqual(toxicityOf(interval(0, 100), interval(0, 100)), undefined);
  // An import of scores without limits uses the smallest and the largest score as limits. They do not decide.
  assert.notEqual(toxicityOf(interval(0.004, 0.765), interval(0, 1)), undefined);
});
