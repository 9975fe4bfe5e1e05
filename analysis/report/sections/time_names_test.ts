import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../../core/experiment/analysis_design.ts";
import { designWith } from "../../../core/testing/mod.ts";
import { compareOutcomes } from "../../outcomes/mod.ts";
import { CROSSED } from "../../outcomes/testing/mod.ts";
import { analysisWith, runFactsOf, tablesOf } from "../testing/mod.ts";
import { effectsSection, firstPageSection } from "./mod.ts";

const ANALYSIS: AnalysisDesign = {
  ...ANALYSIS_DEFAULT,
  reference: { moderator: "none", model: "small" },
  outcomes: ["toxicity"],
  effects: [["turn"], ["moderator", "turn"], ["model", "moderator", "turn"]],
};

for (const time of ["turn", "position"] as const) {
  Deno.test(`a report calls the time in its effects ${time} if the analysis says time: ${time}`, () => {
    const design = { ...ANALYSIS, time };
    const compared = compareOutcomes(CROSSED, design, { seed: "42", declared: "before" });
    const run = runFactsOf([[{ type: "DiscussionOpened", data: designWith({}) }]]);
    const facts = analysisWith({
      design,
      source: { from: "experiment", since: "2026-02-03T04:05:06.000Z" },
      family: compared.tests.length,
    });
    const effects = effectsSection(compared, design);
    // The tests inside a plot's points are left out, because they have the names of the analysis.
    const text = JSON.stringify(
      [effects, firstPageSection([run], facts, { compared, observations: CROSSED })],
      (key, value) => key === "test" ? undefined : value,
    );
    const other = time === "turn" ? "position" : "turn";
    const naming = [
      `× ${other}`,
      `:${other}`,
      `${other}:`,
      `per ${other}`,
      `through ${other}s`,
      `Centre of ${other}`,
    ];
    assert.deepEqual(naming.filter((name) => text.includes(name)), []);
    const coefficients = tablesOf(effects).find(({ id }) => id.startsWith("model-toxicity-through-turns"))!;
    assert.deepEqual(coefficients.rows.map(({ cells }) => cells[0]), [
      "Intercept",
      "moderator[gentle]",
      "model[big]",
      time,
      `moderator[gentle]:${time}`,
      "model[big]:moderator[gentle]",
      `model[big]:${time}`,
      `model[big]:moderator[gentle]:${time}`,
    ]);

    assert.ok(text.includes(`A row with × ${time} gives how much the difference changes per ${time}`));
  });
}
