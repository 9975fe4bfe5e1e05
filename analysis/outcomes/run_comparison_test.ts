import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT } from "../../core/experiment/analysis_design.ts";
import { isUnavailable } from "../statistics/unavailable.ts";
import type { Judgements } from "./observation.ts";
import { compareRuns } from "./run_comparison.ts";
import { judgementsOf, observationWith, textsWith } from "./testing/mod.ts";

/** The discussions of a run. Each entry has the level of the moderator, and the toxicity of two comments. */
function runOf(
  pass: string,
  discussions: readonly (readonly [moderator: string, one: number, two: number])[],
) {
  return discussions.map(([moderator, ...values]) =>
    observationWith(
      { factors: { moderator }, judgements: [{ ...judgementsOf("toxicity", values), pass }] },
      2,
    )
  );
}

const OLD = runOf("published", [["none", 0, 2], ["none", 2, 2], ["gentle", 2, 3], ["gentle", 4, 4]]);
const NEW = runOf("repeated", [["none", 1, 3], ["gentle", 3, 3], ["strict", 6, 8]]);

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual}`);

Deno.test("compareRuns() finds scales by name, and compares all discussions and shared levels", () => {
  const compared = compareRuns([OLD, NEW], ANALYSIS_DEFAULT, "42");
  assert.deepEqual(compared.map(({ outcome, level }) => [outcome, level?.label ?? null]), [
    ["toxicity", null],
    ["toxicity", "none"],
    ["toxicity", "gentle"],
  ]);
  const [whole, none, gentle] = compared;
  // The means of the discussions, and their quartiles of type 6, computed by hand.
  assert.deepEqual(whole!.first, { values: [1, 2, 2.5, 4], mean: 2.375, quartiles: [1.25, 2.25, 3.625] });
  assert.deepEqual(whole!.second, { values: [2, 3, 7], mean: 4, quartiles: [2, 3, 7] });
  // wasserstein_distance([1, 2, 2.5, 4], [2, 3, 7]) of SciPy; the others by hand: (1 + 0) / 2, and 0.5 and 1 to 3.
  const distances = [whole, none, gentle].map((one) => {
    assert.ok(!isUnavailable(one!.distance));
    return one!.distance.distance;
  });
  [1.625, 0.5, 0.75].forEach((expected, at) => near(distances[at]!, expected));
});

Deno.test("compareRuns() leaves out outcomes that only one run has, and scales of different types", () => {
  const scored = (type: "interval" | "boolean"): Judgements => ({
    ...judgementsOf("mood", [1, 1]),
    scale: type === "boolean" ? { name: "mood", type, question: "?" } : judgementsOf("mood", []).scale,
  });
  const discussion = (judgements: readonly Judgements[], changes = {}) => [
    observationWith({ judgements, ...changes }, 2),
  ];
  const outcomesOf = (first: readonly Judgements[], second: readonly Judgements[]) =>
    compareRuns(
      [discussion(first), discussion(second, { texts: textsWith({ diversity: 0.5 }) })],
      ANALYSIS_DEFAULT,
      "42",
    )
      .map(({ outcome }) => outcome);
  assert.deepEqual(outcomesOf([scored("interval")], [scored("interval")]), ["mood"]);
  assert.deepEqual(outcomesOf([scored("interval")], [scored("boolean")]), []);
});

Deno.test("compareRuns() names the differences between scales of the same name", () => {
  const [judgement] = OLD[0]!.judgements;
  const wider = { ...judgement!, scale: { ...judgement!.scale, max: 100 } as Judgements["scale"] };
  const rescaled = [observationWith({ factors: { moderator: "none" }, judgements: [wider] }, 2)];
  const differences = (second: typeof rescaled) =>
    compareRuns([OLD, second], ANALYSIS_DEFAULT, "42").map(({ scaleDifferences }) => scaleDifferences)[0];
  assert.deepEqual(differences(rescaled), ["max: 10 → 100"]);
  assert.deepEqual(differences([...NEW]), []);
});
