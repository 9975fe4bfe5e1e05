import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import { isUnavailable } from "../statistics/unavailable.ts";
import { compareOutcomes } from "./compare_outcomes.ts";
import { repeatsIn } from "./repeats.ts";
import { CROSSED } from "./testing/mod.ts";

const AGAIN = CROSSED.map((one) => ({ ...one, run: "again" }));

Deno.test("repeatsIn() counts discussions that an earlier run has with the same name and seed", () => {
  const [first, ...others] = CROSSED;
  const elsewhere = others.map((one) => ({ ...one, run: "other", seed: `${one.seed} other` }));
  assert.deepEqual(repeatsIn([...CROSSED, ...elsewhere, { ...first!, run: "other" }, ...AGAIN]), [
    { run: "other", of: first!.run, discussions: 1 },
    { run: "again", of: first!.run, discussions: CROSSED.length },
  ]);
  assert.deepEqual(repeatsIn([...CROSSED, ...elsewhere]), []);
});

// A copy adds no evidence: the test of both runs together must be the test of one.
Deno.test("compareOutcomes() pairs discussions of one seed over runs, so a repeated run does not change p", () => {
  const design: AnalysisDesign = {
    ...ANALYSIS_DEFAULT,
    outcomes: ["toxicity"],
    effects: [["moderator"]],
    test: "paired",
  };
  const figuresOf = (observations: typeof CROSSED) => {
    const [test] = compareOutcomes(observations, design, { seed: "42", declared: "before" }).tests;
    assert(test !== undefined && !isUnavailable(test.figures));
    const { estimate, p, interval } = test.figures;
    return { estimate, p, interval };
  };
  assert.deepEqual(figuresOf([...CROSSED, ...AGAIN]), figuresOf(CROSSED));
});
