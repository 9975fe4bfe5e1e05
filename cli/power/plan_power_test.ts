import assert from "node:assert/strict";
import { judgementsOf, observationWith } from "../../analysis/outcomes/testing/mod.ts";
import { ANALYSIS_DEFAULT } from "../../core/experiment/mod.ts";
import { askedStudy } from "./plan_power.ts";
import type { ReadPilot } from "./read_pilot.ts";

/** A pilot of two matched conditions. @param step How much the second condition grows from replicate to replicate. */
function pilotOf(replications: number, step: number): ReadPilot {
  const observations = Array.from(
    { length: replications },
    (_, replicate) =>
      ["none", "gentle"].map((moderator) =>
        observationWith({
          factors: { moderator },
          replicate: replicate + 1,
          seed: `r${replicate}`,
          judgements: [judgementsOf("mood", moderator === "none" ? [1, 2, 3] : [2, 3, 4 + step * replicate])],
        }, 3)
      ),
  ).flat();
  return {
    run: {} as ReadPilot["run"],
    observations,
    leftOut: 0,
    ended: observations.length,
    analysis: ANALYSIS_DEFAULT,
    labels: {},
    order: { moderator: ["none", "gentle"] },
  };
}

Deno.test("power refuses a pilot that has one discussion of each condition, or no differences between replicates", () => {
  const plan = (replications: number) =>
    askedStudy("pilot", pilotOf(replications, 0), {
      outcomes: ["mood"],
      factor: undefined,
      effects: [{ name: undefined, value: 1 }],
      target: { power: 0.8 },
    });
  assert.throws(
    () => plan(1),
    /Give a pilot with at least two completed, annotated discussions of each condition$/,
  );
  assert.throws(() => plan(3), /Give a larger pilot, whose results vary more from replicate to replicate$/);
});

Deno.test("power counts an outcome once if it is given twice", () => {
  const tests = (outcomes: readonly string[]) =>
    askedStudy("pilot", pilotOf(4, 1), {
      outcomes,
      factor: undefined,
      effects: [{ name: undefined, value: 1 }],
      target: { power: 0.8 },
    }).study.pilot.tests.length;
  assert.equal(tests(["mood", "mood"]), tests(["mood"]));
});
