/** Without any effects, a family of declared tests finds one as often as its level says. */
import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT } from "../../core/experiment/analysis_design.ts";
import { testOf } from "./effect_tests.ts";
import { adjusted } from "./families.ts";
import { looksAt } from "./looks.ts";
import { outcomesOf } from "./outcomes.ts";
import { sampleOf, subjectOf } from "./sample.ts";
import { testPlans } from "./test_plans.ts";
import { observationsWith } from "./testing/mod.ts";

const [ANALYSIS, LEVEL] = [{ ...ANALYSIS_DEFAULT, outcomes: ["toxicity", "relevance"] }, 0.05];

/** The declared tests of a family, as compareOutcomes() makes them, without the checks that stand beside them. */
function declaredTests(seed: string, matched: boolean) {
  const factors = { moderator: ["none", "gentle"] };
  const scales = ANALYSIS.outcomes;
  const observations = observationsWith({ seed, factors, replications: 6, comments: 3, scales, matched });
  const sample = sampleOf(observations, ANALYSIS, {});
  const outcomes = outcomesOf(sample.compared, ANALYSIS).filter(({ declared }) => declared);
  const tests = outcomes.flatMap((outcome) => {
    const subject = subjectOf(outcome, sample, { seed, resamples: 2, permutations: 1, level: 1 - LEVEL });
    return testPlans(outcome, { ...sample, analysis: ANALYSIS }).filter(({ declared }) => declared)
      .map((plan) => ({ ...testOf(plan, subject), equivalence: null, checks: [] }));
  });
  const looks = new Map(outcomes.map(({ name }) => [name, looksAt(name, [], ANALYSIS)]));
  return adjusted(tests, looks, ANALYSIS.correction);
}

Deno.test("the family of declared tests finds an effect among outcomes without effects as often as its level says", () => {
  const [families, deviations] = [500, 3.5];
  const reach = deviations * Math.sqrt(LEVEL * (1 - LEVEL) / families);
  for (const matched of [false, true]) {
    let positive = 0;
    for (let family = 0; family < families; family++) {
      const tests = declaredTests(`family/${family}`, matched);
      const methods = tests.map(({ confirmatory, method }) => [confirmatory, method]);
      assert.deepEqual(methods, Array(2).fill([true, matched ? "paired" : "mixed-model"]));
      if (tests.some(({ adjusted }) => adjusted! < LEVEL)) positive++;
    }
    const share = positive / families;
    assert.ok(
      Math.abs(share - LEVEL) < reach,
      `matched ${matched}: ${share}, not ${LEVEL} ± ${reach.toFixed(4)}`,
    );
  }
});
