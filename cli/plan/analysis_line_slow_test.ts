import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../core/experiment/mod.ts";
import { compareOutcomes } from "../../analysis/outcomes/mod.ts";
import { CROSSED } from "../../analysis/outcomes/testing/mod.ts";
import { analysisLine } from "./analysis_line.ts";

Deno.test("analysisLine() counts as many tests as a report corrects together, even if discussions are missing", () => {
  // No discussion has the level "strict", or any level of the factor `length`.
  const order = {
    moderator: ["none", "gentle", "strict"],
    model: ["small", "big"],
    length: ["short", "long"],
  };
  const factors = Object.entries(order).map(([path, labels]) => ({
    path,
    levels: labels.map((label) => ({ label, value: label })),
  }));
  const outcomes = ["toxicity", "stance=against", "diversity"];
  const cases: readonly AnalysisDesign["effects"][] = [
    null,
    [["turn"]],
    [["moderator", "model"], ["model", "turn"]],
    [["moderator", "length", "turn"], ["length"]],
  ];
  for (const effects of cases) {
    const analysis = { ...ANALYSIS_DEFAULT, outcomes, effects };
    const announced = / (\d+) tests?, Holm$/.exec(analysisLine({ analysis, factors })!)![1];
    for (const observations of [CROSSED, []]) {
      const { tests } = compareOutcomes(observations, analysis, { seed: "42", declared: "before", order });
      assert.equal(tests.filter(({ confirmatory }) => confirmatory).length, Number(announced));
    }
  }
});
