import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import { holm } from "../statistics/corrections.ts";
import { isUnavailable } from "../statistics/unavailable.ts";
import { compareOutcomes } from "./mod.ts";
import { CROSSED, crossedByThree } from "./testing/mod.ts";

const ANALYSIS: AnalysisDesign = {
  ...ANALYSIS_DEFAULT,
  reference: { moderator: "m0", model: "small" },
  outcomes: ["toxicity", "relevance"],
  effects: [["moderator"], ["moderator", "model"]],
};

const OPTIONS = { seed: "42", declared: "before" } as const;

Deno.test("compareOutcomes() tests declared interactions jointly, and corrects joint tests separately", () => {
  const { joint, tests } = compareOutcomes(crossedByThree(), ANALYSIS, OPTIONS);
  // The expected values come from R (../testing/joint_tests_reference.R).
  const expected = [["toxicity", 4.00051652893, 0.02883286, 0.05766573], [
    "relevance",
    0.28975096,
    0.75052076,
    0.75052076,
  ]];
  assert.deepEqual(joint.map(({ outcome }) => outcome), expected.map(([outcome]) => outcome));
  for (const [at, { effect, method, coefficients, df, statistic, p, adjusted }] of joint.entries()) {
    assert.deepEqual([effect, method, coefficients], [["moderator", "model"], "mixed-model", 2]);
    for (const [index, figure] of [statistic, p, adjusted].entries()) {
      const wanted = Number(expected[at]![index + 1]);
      assert.ok(Math.abs(figure - wanted) < 1e-6, `${index}: ${figure}, not ${wanted}`);
    }
    assert.ok(Math.abs(df! - 30) < 1e-3);
  }
  // Joint tests are not in the family of the tests of single coefficients.
  const family = tests.filter(({ confirmatory }) => confirmatory);
  const ps = family.map(({ figures }) => {
    assert(!isUnavailable(figures));
    return figures.p;
  });
  assert.equal(ps.length, 8);
  assert.deepEqual(family.map((test) => test.adjusted), holm(ps));
  assert.deepEqual(
    compareOutcomes(crossedByThree(), { ...ANALYSIS, effects: [["moderator"]] }, OPTIONS).joint,
    [],
  );
});

Deno.test("compareOutcomes() makes joint tests of matched conditions in the model that fits the outcome", () => {
  const matched = crossedByThree().map((one) => ({ ...one, seed: `r${one.replicate}` }));
  const { joint, tests } = compareOutcomes(matched, ANALYSIS, OPTIONS);
  assert.ok(tests.every(({ declared, method }) => !declared || method === "paired"));
  assert.deepEqual(joint.map(({ method, coefficients }) => [method, coefficients]), [
    ["mixed-model", 2],
    ["mixed-model", 2],
  ]);
  const reference = { moderator: "none", model: "small" };
  assert.deepEqual(compareOutcomes(CROSSED, { ...ANALYSIS, reference }, OPTIONS).joint, []);
});
