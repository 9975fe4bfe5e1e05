import assert from "node:assert/strict";
import { unavailable } from "../../analysis/mod.ts";
import { judgementsOf, observationWith } from "../../analysis/outcomes/testing/mod.ts";
import { simulateExperiments } from "../../analysis/power/mod.ts";
import { ANALYSIS_DEFAULT } from "../../core/experiment/mod.ts";
import { powerReport } from "./figures.ts";
import { askedStudy, planPower } from "./plan_power.ts";
import type { ReadPilot } from "./read_pilot.ts";

/** Two outcomes in matched conditions. Of `calm`, an equivalence margin is declared. */
const PILOT: ReadPilot = {
  run: {} as ReadPilot["run"],
  observations: [1, 2, 3, 4].flatMap((replicate) =>
    ["none", "gentle"].map((moderator) => {
      const last = moderator === "none" ? 3 : 4 + replicate;
      return observationWith({
        factors: { moderator },
        replicate,
        seed: `r${replicate}`,
        judgements: [judgementsOf("mood", [1, 2, last]), judgementsOf("calm", [2, 1, last])],
      }, 3);
    })
  ),
  leftOut: 0,
  ended: 8,
  analysis: { ...ANALYSIS_DEFAULT, outcomes: ["mood", "calm"], margin: { calm: 1 } },
  labels: {},
  order: { moderator: ["none", "gentle"] },
};

Deno.test("the caption of a power curve names only what its own tests are asked to find, also without an answer", async () => {
  const captionOf = async (outcome: string, value: number) => {
    const target = { replications: 3 };
    const effects = [{ name: undefined, value }];
    const asked = askedStudy("pilot", PILOT, { outcomes: [outcome], factor: undefined, effects, target });
    const plan = await planPower(
      asked,
      { target, simulations: 100 },
      (experiments) => Promise.resolve(simulateExperiments(asked.study, experiments)),
    );
    const shown = { folder: "pilot", pilot: PILOT, target, hasEffects: true };
    const captions = [plan, { ...plan, answer: unavailable("too few") }].map((plan) =>
      powerReport({ ...shown, plan }).sections[0]!.blocks.find(({ kind }) => kind === "figure")
    ).map((block) => block?.kind === "figure" ? block.estimator ?? "" : "");
    return captions.map((caption) => /simulated experiments that (.*) at a level/.exec(caption)?.[1]);
  };
  assert.deepEqual(await captionOf("mood", 1), ["find the effect", "find the effect"]);
  assert.deepEqual(await captionOf("calm", 0), ["show equivalence", "show equivalence"]);
});
