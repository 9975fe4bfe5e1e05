/** Without any effects, a family of declared tests finds one as often as its level says. */
import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT } from "../../core/experiment/analysis_design.ts";
import { compareOutcomes } from "./mod.ts";
import { observationsWith } from "./testing/mod.ts";

Deno.test("compareOutcomes() finds an effect among declared outcomes without effects as often as its level says", () => {
  const [families, level, deviations] = [500, 0.05, 3.5];
  const reach = deviations * Math.sqrt(level * (1 - level) / families);
  for (const matched of [false, true]) {
    let positive = 0;
    for (let family = 0; family < families; family++) {
      const observations = observationsWith({
        seed: `family/${family}`,
        factors: { moderator: ["none", "gentle"] },
        replications: 6,
        comments: 3,
        scales: ["toxicity", "relevance"],
        matched,
      });
      const analysis = { ...ANALYSIS_DEFAULT, outcomes: ["toxicity", "relevance"] };
      const { tests } = compareOutcomes(observations, analysis, { seed: `${family}`, declared: "before" });
      const confirmatory = tests.filter((test) => test.confirmatory);
      assert.deepEqual(
        confirmatory.map(({ method }) => method),
        Array(2).fill(matched ? "paired" : "mixed-model"),
      );
      if (confirmatory.some(({ adjusted }) => adjusted! < level)) positive++;
    }
    const share = positive / families;
    assert.ok(
      Math.abs(share - level) < reach,
      `matched ${matched}: ${share}, not ${level} ± ${reach.toFixed(4)}`,
    );
  }
});
