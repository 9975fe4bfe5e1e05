import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import { isUnavailable } from "../mod.ts";
import { compareOutcomes } from "./mod.ts";
import { CROSSED } from "./testing/mod.ts";

Deno.test("compareOutcomes() permutes residuals within replicates to test interactions, if the analysis asks for permutation", () => {
  const analysis: AnalysisDesign = {
    ...ANALYSIS_DEFAULT,
    outcomes: ["toxicity", "diversity"],
    effects: [["moderator", "model"]],
    reference: { moderator: "none", model: "small" },
    test: "permutation",
  };
  const { tests } = compareOutcomes(CROSSED, analysis, { seed: "42", declared: "before" });
  const declared = tests.filter((test) => test.confirmatory);
  // R, with 99,999 arrangements and the robust estimates of clubSandwich: ../testing/compare_outcomes_reference.R. The
  // deviations are of 9,999 draws here.
  const expected = [["toxicity", -0.8, 0.69875], ["diversity", 0.06, 0.7767]] as const;
  assert.equal(declared.length, 2);
  for (const [index, { outcome, method, remark, adjustedFor, figures }] of declared.entries()) {
    const [name, estimate, p] = expected[index]!;
    assert.deepEqual([outcome, method, remark, adjustedFor], [name, "permutation", null, []]);
    assert(!isUnavailable(figures));
    assert.ok(
      Math.abs(figures.estimate - estimate) < 1e-9 && figures.discussions === 20,
      `${figures.estimate}`,
    );
    assert.ok(Math.abs(figures.p - p) < 0.02, `${outcome}: ${figures.p}`);
  }
});

Deno.test("compareOutcomes() adjusts declared effects only for the factors that the analysis names, and explored effects for all", () => {
  const adjustedFor = (adjust?: readonly string[]) =>
    compareOutcomes(CROSSED, {
      ...ANALYSIS_DEFAULT,
      outcomes: ["toxicity"],
      effects: [["moderator"]],
      test: "mixed-model",
      ...adjust === undefined ? {} : { adjust },
    }, { seed: "42", declared: "before" }).tests
      .filter(({ outcome, term }) => outcome === "toxicity" && term.contrasts.length > 0)
      .map(({ term, adjustedFor }) => [term.name, ...adjustedFor].join(" "));
  const explored = ["model[small] moderator", "moderator[none]:turn model", "model[small]:turn moderator"];
  assert.deepEqual(adjustedFor(), ["moderator[none] model", ...explored]);
  assert.deepEqual(adjustedFor(["model"]), ["moderator[none] model", ...explored]);
  assert.deepEqual(adjustedFor([]), ["moderator[none]", ...explored]);
});
