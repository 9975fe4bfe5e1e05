import assert from "node:assert/strict";
import { judgementsOf, observationWith } from "../../analysis/outcomes/testing/mod.ts";
import { ANALYSIS_DEFAULT } from "../../core/experiment/mod.ts";
import { askedStudy } from "./plan_power.ts";
import type { ReadPilot } from "./read_pilot.ts";

/** A pilot whose comments are yes or no as a function says. */
function yesNoPilot(isYes: (moderator: string, replicate: number, comment: number) => boolean): ReadPilot {
  const pilot = pilotOf(4, 0);
  return {
    ...pilot,
    observations: pilot.observations.map((observation) => {
      const { factors: { moderator }, replicate } = observation;
      const values = [0, 1, 2].map((comment) => isYes(moderator!, replicate, comment));
      const scale = { name: "rude", type: "boolean", question: "?" } as const;
      return {
        ...observation,
        judgements: [{ ...judgementsOf("rude", []), scale, values: [values], targets: [0, 1, 2] }],
      };
    }),
    analysis: { ...ANALYSIS_DEFAULT, model: { rude: "logistic" } },
  };
}

Deno.test("power refuses a yes/no pilot that cannot be modelled, and says why and what to do", () => {
  const plan = (pilot: ReadPilot) =>
    askedStudy("pilot", pilot, {
      outcomes: ["rude"],
      factor: undefined,
      effects: [{ name: undefined, value: 1 }],
      target: { power: 0.8 },
    });
  const remedy = "Give a larger pilot, whose results vary more from replicate to replicate";
  for (
    const [isYes, reason] of [
      [() => true, "the outcome does not vary"],
      [(_, replicate) => replicate % 2 === 0, "the outcome does not vary within groups"],
      [
        (moderator, replicate, comment) => moderator === "none" && (replicate + comment) % 2 === 0,
        "separate",
      ],
    ] as const satisfies readonly (readonly [Parameters<typeof yesNoPilot>[0], string])[]
  ) {
    assert.throws(() => plan(yesNoPilot(isYes)), (error: Error) => {
      assert.ok(error.message.startsWith('Cannot plan from "pilot": '), error.message);
      assert.ok(error.message.includes(reason) && error.message.endsWith(remedy), error.message);
      return true;
    });
  }
  const can = yesNoPilot((moderator, replicate, comment) =>
    comment < (moderator === "none" ? 1 : 2) + replicate % 2
  );
  assert.equal(plan(can).study.pilot.tests[0]!.unit, "log-odds");
});

/**
 * A pilot of two matched conditions.
 *
 * @param step How much the second condition grows from replicate to replicate.
 */
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
