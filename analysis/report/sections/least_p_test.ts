import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../../core/experiment/analysis_design.ts";
import { compareOutcomes } from "../../outcomes/mod.ts";
import { CROSSED } from "../../outcomes/testing/mod.ts";
import { isUnavailable } from "../../statistics/mod.ts";
import { leastPText } from "../least_p.ts";
import { formatCell } from "../mod.ts";
import { tablesOf } from "../testing/mod.ts";
import { effectsSection } from "./mod.ts";

const ANALYSIS: AnalysisDesign = {
  ...ANALYSIS_DEFAULT,
  reference: { moderator: "none", model: "small" },
  outcomes: ["toxicity"],
  effects: [["moderator"]],
};

Deno.test("leastPText() says the smallest p of few random arrangements, which is 1 / (arrangements + 1)", () => {
  assert.equal(leastPText([199, 999, undefined]), " With 199 random arrangements, p is at least 0.005.");
  assert.equal(leastPText([332, 199]), " With 199 to 332 random arrangements, p is at least 0.005 to 0.003.");
  assert.equal(leastPText([999, 9999, undefined]), "");
});

Deno.test("tables say how small p can be if it comes from few random arrangements", () => {
  const { tests, outcomes, ...compared } = compareOutcomes(CROSSED, ANALYSIS, {
    seed: "42",
    declared: "before",
  });
  const few = { p: 0.005, exact: false, arrangements: 199, difference: 1 };
  const section = effectsSection({
    ...compared,
    tests: tests.map((test) =>
      isUnavailable(test.figures)
        ? test
        : { ...test, figures: { ...test.figures, p: 0.005, arrangements: 199 } }
    ),
    outcomes: outcomes.map((one) => ({
      ...one,
      comparisons: one.comparisons.map((comparison) => ({
        ...comparison,
        permutation: few,
        paired: comparison.paired === null || isUnavailable(comparison.paired.result) ? comparison.paired : {
          ...comparison.paired,
          result: { ...comparison.paired.result, permutation: few },
        },
      })),
    })),
  }, ANALYSIS);
  for (const id of ["effects-confirmatory", "effects-exploratory", "robustness", "pairs"]) {
    const { note } = tablesOf(section).find((one) => one.id === id)!;
    assert.match(note, / With 199 random arrangements, p is at least 0\.005\./, id);
  }
  const robustness = tablesOf(section).find(({ id }) => id === "robustness")!;
  assert.ok(robustness.rows.every(({ cells }) => formatCell(cells.at(-1)!, { kind: "p" }) === "0.005"));
});
