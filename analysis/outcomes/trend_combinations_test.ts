import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import { compareOutcomes } from "./mod.ts";
import { CROSSED } from "./testing/mod.ts";
import { termsOf } from "./effects.ts";
import { trendCombinations } from "./trend_combinations.ts";

const FACTORS = [
  { name: "a", levels: ["x", "y", "z"], reference: "x", of: [] },
  { name: "b", levels: ["p", "q"], reference: "p", of: [] },
];

Deno.test("trendCombinations() gives each combination of levels the values of its columns as weights", () => {
  const terms = [["a"], ["turn"], ["a", "turn"], ["a", "b", "turn"]];
  const found = trendCombinations(terms, terms.flatMap((names) => termsOf(names, FACTORS)), FACTORS);
  assert.equal(found.length, 1 + 3 + 6);
  const weightsAt = (...levels: readonly string[]) =>
    found.find((one) => one.levels.map(({ level }) => level).join() === levels.join())!.weights;
  assert.deepEqual(weightsAt(), { turn: 1 });
  assert.deepEqual(weightsAt("x"), { "turn": 1, "a[y]:turn": -1 / 3, "a[z]:turn": -1 / 3 });
  // The column of y is 1 − 1/3 there, the column of z is −1/3, and the column of q is 1 − 1/2 or −1/2.
  assert.deepEqual(weightsAt("y", "p"), {
    "turn": 1,
    "a[y]:turn": 1 - 1 / 3,
    "a[z]:turn": -1 / 3,
    "a[y]:b[q]:turn": (1 - 1 / 3) * (-1 / 2),
    "a[z]:b[q]:turn": (-1 / 3) * (-1 / 2),
  });
  assert.deepEqual(trendCombinations([["a"]], termsOf(["a"], FACTORS), FACTORS), []);
});

const ANALYSIS: AnalysisDesign = {
  ...ANALYSIS_DEFAULT,
  reference: { moderator: "none", model: "small" },
  outcomes: ["toxicity"],
  effects: [["moderator", "turn"]],
};

Deno.test("compareOutcomes() gives the trends of declared effects only, and their difference is the tested one", () => {
  const options = { seed: "42", declared: "before" } as const;
  const { trends, tests } = compareOutcomes(CROSSED, ANALYSIS, options);
  const [{ trends: found, unit }] = trends as [typeof trends[number]];
  assert.deepEqual(found.map(({ levels }) => levels.map(({ level }) => level).join()), [
    "",
    "gentle",
    "none",
  ]);
  assert.equal(unit, "outcome");
  const [, gentle, none] = found.map(({ figures }) => figures.estimate);
  const test = tests.find(({ confirmatory, term }) => confirmatory && term.throughTurns)!;
  assert.ok("estimate" in test.figures && Math.abs(gentle! - none! - test.figures.estimate) < 1e-12);
  assert.deepEqual(compareOutcomes(CROSSED, { ...ANALYSIS, effects: [["moderator"]] }, options).trends, []);
});
