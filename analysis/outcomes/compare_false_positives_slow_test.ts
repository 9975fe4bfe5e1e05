/** If there is no effect, the family of declared tests finds one only as often as its level allows. */
import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import { isUnavailable } from "../statistics/unavailable.ts";
import { testOf } from "./effect_tests.ts";
import { adjusted } from "./families.ts";
import { looksAt } from "./looks.ts";
import type { Observation } from "./observation.ts";
import { outcomesOf } from "./outcomes.ts";
import { sampleOf, subjectOf } from "./sample.ts";
import { testPlans } from "./test_plans.ts";
import { observationsWith } from "./testing/mod.ts";

const [ANALYSIS, LEVEL] = [{ ...ANALYSIS_DEFAULT, outcomes: ["toxicity", "relevance"] }, 0.05];

/** The declared tests that compareOutcomes() makes, without their checks. */
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

Deno.test("without any effect, the family of declared tests finds one only as often as its level allows", () => {
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

/** p values of the moderator by permutation. A second factor shifts discussions by four standard deviations. */
function permutedPs(seed: string, effect: number, matched: boolean): readonly number[] {
  const analysis: AnalysisDesign = {
    ...ANALYSIS,
    outcomes: ["toxicity"],
    effects: [["moderator"]],
    test: "permutation",
  };
  const factors = { moderator: ["none", "gentle"], model: ["small", "big"] };
  const drawn = observationsWith({
    seed,
    factors,
    replications: 6,
    comments: 3,
    scales: ["toxicity"],
    matched,
  });
  const observations = drawn.map((one): Observation => {
    const shift = (one.factors.model === "big" ? 6 : 0) + (one.factors.moderator === "gentle" ? effect : 0);
    const judgements = one.judgements.map((found) => ({
      ...found,
      values: found.values.map((values) => values.map((value) => Number(value) + shift)),
    }));
    return { ...one, judgements };
  });
  const sample = sampleOf(observations, analysis, {});
  const [outcome] = outcomesOf(sample.compared, analysis);
  const subject = subjectOf(outcome!, sample, { seed, resamples: 2, permutations: 499, level: 1 - LEVEL });
  const [plan] = testPlans(outcome!, { ...sample, analysis }).filter(({ declared }) => declared);
  const { figures } = testOf(plan!, subject);
  assert(!isUnavailable(figures));
  const { permutation } = subject.comparisons.find(({ contrast }) => contrast.factor === "moderator")!;
  assert(!isUnavailable(permutation));
  return [figures.p, permutation.p];
}

Deno.test("tests by permutation keep their level beside a strong factor, and find effects that it hides", () => {
  const experiments = 300;
  for (const matched of [false, true]) {
    const shares = (effect: number) => {
      const found = [...Array(experiments).keys()].map((at) =>
        permutedPs(`permuted/${matched}/${at}`, effect, matched)
      );
      return [0, 1].map((way) => found.filter((ps) => ps[way]! < LEVEL).length / experiments);
    };
    const [nothing, groups] = shares(0);
    const reach = 3.5 * Math.sqrt(LEVEL * (1 - LEVEL) / experiments);
    assert.ok(
      Math.abs(nothing! - LEVEL) < reach,
      `matched ${matched}: ${nothing}, not ${LEVEL} ± ${reach.toFixed(4)}`,
    );
    assert.ok(groups! < 0.01, `two groups, matched ${matched}: ${groups}`);
    const [power, ofGroups] = shares(1.5);
    assert.ok(power! > 0.6 && ofGroups! < 0.05, `matched ${matched}: ${power} and ${ofGroups}`);
  }
});
