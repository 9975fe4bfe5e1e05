import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import { isUnavailable } from "../mod.ts";
import { compareOutcomes, type Observation } from "./mod.ts";
import { CROSSED, judgementsOf, observationWith } from "./testing/mod.ts";

const ANALYSIS: AnalysisDesign = {
  ...ANALYSIS_DEFAULT,
  outcomes: ["toxicity", "diversity"],
  reference: { moderator: "none", model: "small" },
  test: "permutation",
};

const OPTIONS = { seed: "42", declared: "before" } as const;

type Expected = readonly [outcome: string, term: string, estimate: number, p: number];

// The expected p values come from R, with 99,999 arrangements (../testing/compare_outcomes_reference.R). The expected
// estimates come from clubSandwich and from tables of means.
const CASES: readonly Readonly<{
  title: string;
  effects: AnalysisDesign["effects"];
  observations: readonly Observation[];
  expected: readonly Expected[];
}>[] = [
  {
    title: "interactions and effects beside them",
    effects: [["moderator"], ["model"], ["moderator", "model"]],
    observations: CROSSED,
    expected: [
      ["toxicity", "moderator[gentle]", 4.35, 0.00067],
      ["toxicity", "model[big]", 0, 0.99273],
      ["toxicity", "moderator[gentle]:model[big]", -0.8, 0.69875],
      ["diversity", "moderator[gentle]", 0.33, 0.01085],
      ["diversity", "model[big]", -0.05, 0.64256],
      ["diversity", "moderator[gentle]:model[big]", 0.06, 0.7767],
    ],
  },
  {
    title: "effects, adjusted for the other factor",
    effects: [["moderator"], ["model"]],
    observations: CROSSED,
    expected: [
      ["toxicity", "moderator[gentle]", 4.35, 0.00034],
      ["toxicity", "model[big]", 0, 0.98711],
      ["diversity", "moderator[gentle]", 0.33, 0.00633],
      ["diversity", "model[big]", -0.05, 0.64213],
    ],
  },
  {
    title: "effects in conditions that are not matched",
    effects: [["moderator"]],
    observations: CROSSED.map((one, place) => ({ ...one, seed: String(place) })),
    expected: [
      ["toxicity", "moderator[gentle]", 4.35, 0.00021],
      ["diversity", "moderator[gentle]", 0.33, 0.00698],
    ],
  },
];

for (const { title, effects, observations, expected } of CASES) {
  Deno.test(`compareOutcomes() permutes residuals to test ${title}, if the analysis asks for permutation`, () => {
    const { tests } = compareOutcomes(observations, { ...ANALYSIS, effects }, OPTIONS);
    const declared = tests.filter(({ confirmatory }) => confirmatory);
    assert.equal(declared.length, expected.length);
    for (const [index, { outcome, term, method, remark, adjustedFor, figures }] of declared.entries()) {
      const [name, termName, estimate, p] = expected[index]!;
      assert.deepEqual([outcome, term.name, method, remark], [name, termName, "permutation", null]);
      const others = ["moderator", "model"].filter((factor) => !termName.includes(factor));
      assert.deepEqual(adjustedFor, others);
      assert(!isUnavailable(figures));
      assert.ok(Math.abs(figures.estimate - estimate) < 1e-9, `${termName}: ${figures.estimate}`);
      assert.equal(figures.discussions, 20);
      // The test allows five standard deviations of a share of 9,999 draws.
      const reach = 5 * Math.sqrt(p * (1 - p) / 9999) + 1e-4;
      assert.ok(Math.abs(figures.p - p) < reach, `${outcome} ${termName}: ${figures.p}, not ${p} ± ${reach}`);
    }
  });
}

Deno.test("compareOutcomes() tries all divisions of discussions if they differ in one factor only", () => {
  // 2 of the 20 ways to choose three of six values are as far apart as 4, 5, 6 and 1, 2, 3.
  const observations = [4, 5, 6, 1, 2, 3].map((value, place) =>
    observationWith({
      factors: { moderator: value > 3 ? "gentle" : "none" },
      seed: String(place),
      discussion: String(place),
      judgements: [judgementsOf("toxicity", [value])],
    }, 1)
  );
  const analysis = { ...ANALYSIS, outcomes: ["toxicity"], effects: [["moderator"]] };
  const [test] = compareOutcomes(observations, analysis, OPTIONS).tests;
  assert(!isUnavailable(test!.figures));
  assert.deepEqual([test!.figures.estimate.toFixed(6), test!.figures.p], ["3.000000", 0.1]);
});

Deno.test("compareOutcomes() adjusts declared effects for named factors, and other effects for all factors", () => {
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
