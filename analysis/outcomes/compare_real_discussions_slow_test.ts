import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import {
  onRealDiscussions,
  realDiscussions,
  realFile,
  realScores,
  type ReferenceModel,
  scoredEvents,
} from "../../core/testing/real_discussions.ts";
import { isUnavailable } from "../mod.ts";
import { compareOutcomes, type Observation, observe, type OutcomeModel } from "./mod.ts";
import { slotsOf } from "../projections/mod.ts";
import { textsWith } from "./testing/mod.ts";

const ANALYSIS: AnalysisDesign = {
  ...ANALYSIS_DEFAULT,
  reference: { strategy: "No Facilitator" },
  outcomes: ["toxicity"],
  effects: [["strategy"], ["strategy", "turn"]],
  silences: "include",
  time: "position",
};

async function observedDiscussions(): Promise<Observation[]> {
  const scores = await realScores();
  const observations: Observation[] = [];
  for await (const discussion of realDiscussions()) {
    const slots = slotsOf(scoredEvents(discussion, scores));
    observations.push(await observe("real", slots, () => Promise.resolve(textsWith({}))));
  }
  return observations;
}

function assertReproduced({ method, fit }: OutcomeModel, reference: ReferenceModel): void {
  assert(method === "mixed-model");
  assert.deepEqual([fit.rows, fit.missing, fit.groups], [5400, 0, 360]);
  assert.ok(Math.abs(fit.logLikelihood - reference.log_likelihood_reml) < 0.01, `${fit.logLikelihood}`);
  assert.equal(fit.variances.intercept.toPrecision(4), reference.group_variance.toPrecision(4));
  assert.equal(fit.variances.residual.toPrecision(4), reference.residual_variance.toPrecision(4));
  // These coefficients are means over all strategies here. In the reference, they are values at the reference
  // strategy.
  const isMean = (name: string) => !name.startsWith("strategy");
  const found = fit.coefficients.filter(({ name }) => !isMean(name)).map((
    { name, estimate, standardError, statistic },
  ) => [
    name,
    ...[estimate, standardError, statistic].map((figure) => figure.toPrecision(3)),
  ]);
  const expected = Object.entries(reference.coefficients).map(([name, { estimate, se, z }]) => [
    name.replace(/C\(.*\)\[T\.(.*?)\]/, "strategy[$1]").replace("turn_c", "turn"),
    ...[estimate, se, z].map((figure) => figure.toPrecision(3)),
  ]);
  assert.deepEqual(found, expected.filter(([name]) => !isMean(name!)));
}

Deno.test({
  ...onRealDiscussions(
    "compareOutcomes() reproduces the models of the real discussions, and tests their declared effects",
  ),
  async fn() {
    // The reference does not adjust for the factor "model", so the factor is removed.
    const observations = (await observedDiscussions()).map((one): Observation => ({
      ...one,
      factors: { strategy: one.factors.strategy! },
    }));
    const reference = JSON.parse(await realFile("reference.json"));
    const { outcomes, tests } = compareOutcomes(observations, ANALYSIS, { seed: "42", declared: "before" });
    const [levels, trends] = ["levels", "trends"].map((use) =>
      outcomes[0]!.models.find(({ use: own, kind }) => own === use && kind.slopes === undefined)!.model
    );
    assert(levels !== undefined && !isUnavailable(levels) && trends !== undefined && !isUnavailable(trends));
    assertReproduced(levels, reference.mixed_model_strategy);
    assertReproduced(trends, reference.mixed_model_strategy_x_turn);
    assert.equal(trends.fit.centres.turn, 14.25);

    const confirmatory = tests.filter((test) => test.confirmatory);
    const strategies = ["Constr. Comms", "E-Rulemaking", "No Instructions"];
    assert.deepEqual(confirmatory.map(({ term, method }) => [term.name, method]), [
      ...strategies.map((level) => [`strategy[${level}]`, "mixed-model"]),
      ...strategies.map((level) => [`strategy[${level}]:turn`, "mixed-model"]),
    ]);
    // Only one of the six p values is small. The reference has no random slopes, and gives 0.0025 by z. With
    // random slopes, lmerTest gives 0.0077686539. Holm's rule multiplies this by six.
    const [slope, ...others] = confirmatory.toSorted((a, b) => a.adjusted! - b.adjusted!);
    assert.equal(slope!.term.name, "strategy[Constr. Comms]:turn");
    assert.ok(Math.abs(slope!.adjusted! - 6 * 0.0077686539) < 1e-5, `${slope!.adjusted}`);
    assert.ok(others.every(({ adjusted }) => adjusted! > 0.3));
  },
});

/**
 * The p values that lmerTest gives for the declared tests of a factorial analysis
 * (`real_discussions_reference.R`). Levels are in the order of their Unicode code units.
 */
const FACTORIAL: readonly (readonly [effect: string, ...p: number[]])[] = [
  ["strategy", 1.5379701e-01, 1.8145953e-01, 3.6798065e-01],
  ["model", 3.7654711e-47, 7.8218702e-78],
  [
    "strategy:model",
    9.1754025e-02,
    9.5550175e-01,
    2.1695186e-02,
    2.7303595e-02,
    3.7374650e-01,
    9.7059046e-01,
  ],
  ["turn", 9.6128661e-01],
  ["strategy:turn", 4.8049116e-03, 6.6306312e-01, 9.4818081e-02],
  ["model:turn", 7.7349401e-12, 1.4821684e-10],
  [
    "strategy:model:turn",
    2.4425856e-01,
    2.8856357e-03,
    5.8495895e-01,
    3.3344828e-01,
    4.7685374e-01,
    6.7975603e-02,
  ],
];

/** Trends, their standard errors and degrees of freedom by emmeans, from the same script. */
const TRENDS: readonly (readonly [levels: string, estimate: number, standardError: number, df: number])[] = [
  ["No Facilitator", 0.0011549295, 0.00082079675, 2023.9043],
  ["Constr. Comms", -0.0015233938, 0.00047388203, 271.85355],
  ["llama8b", 0.0031847732, 0.00050263055, 606.31359],
  ["qwen7b", -0.0014497926, 0.00050263055, 606.3136],
  ["llama8b,No Facilitator", 0.005941063, 0.0014216617, 2023.9043],
  ["llama8b,Constr. Comms", 4.9834254e-05, 0.00082078775, 271.85355],
  ["mistral7b,E-Rulemaking", -7.4357492e-04, 0.00082078775, 271.85355],
  ["qwen7b,No Facilitator", -0.0020490111, 0.0014216617, 2023.9043],
  ["qwen7b,No Instructions", -0.0013566481, 0.00082078775, 271.85355],
];

Deno.test({
  ...onRealDiscussions("compareOutcomes() tests a factorial analysis of the real discussions like lmerTest"),
  async fn() {
    const analysis: AnalysisDesign = {
      ...ANALYSIS,
      effects: FACTORIAL.map(([effect]) => effect.split(":")),
      margin: { toxicity: 0.05 },
    };
    const observations = await observedDiscussions();
    const { tests, hints, trends } = compareOutcomes(observations, analysis, {
      seed: "42",
      declared: "before",
    });
    const declared = tests.filter((test) => test.confirmatory);
    const expected = FACTORIAL.flatMap(([, ...p]) => p);
    assert.equal(declared.length, expected.length);
    for (const [index, { term, figures }] of declared.entries()) {
      assert(!isUnavailable(figures), term.name);
      assert.ok(Math.abs(figures.p / expected[index]! - 1) < 2e-3, `${term.name}: ${figures.p}`);
    }
    // p.adjust() of R, by Holm's method over all 23 tests.
    const slope = declared.find(({ term }) => term.name === "strategy[Constr. Comms]:turn")!;
    assert.ok(Math.abs(slope.adjusted! - 0.086488408) < 1e-4, `${slope.adjusted}`);
    // Without random slopes, the same coefficient has p = 0.0022822497.
    const [intercepts] = slope.checks;
    assert(!isUnavailable(intercepts!.figures));
    assert.equal(intercepts!.figures.p.toPrecision(4), "0.002282");
    // Each strategy is equivalent to no facilitator within ±0.05 of a scale from 0 to 1.
    const strategies = declared.filter(({ effect }) => effect.join() === "strategy");
    assert.ok(
      strategies.every(({ equivalence }) =>
        equivalence !== null && !isUnavailable(equivalence) && equivalence.adjusted! < 0.01
      ),
    );
    assert.deepEqual(hints, []);
    const [toxicity] = trends;
    assert.deepEqual([toxicity!.method, trends.length], ["mixed-model", 1]);
    // The mean over all levels, four strategies, three models, and their combinations.
    assert.equal(toxicity!.trends.length, 1 + 4 + 3 + 12);
    for (const [levels, estimate, standardError, df] of TRENDS) {
      const found = toxicity!.trends.find((trend) =>
        trend.levels.map(({ level }) => level).join() === levels
      );
      const { figures } = found!;
      assert.ok(Math.abs(figures.estimate - estimate) < 1e-8, `${levels}: ${figures.estimate}`);
      assert.ok(
        Math.abs(figures.standardError / standardError - 1) < 1e-5,
        `${levels}: ${figures.standardError}`,
      );
      assert.ok(Math.abs(figures.df! / df - 1) < 1e-3, `${levels}: ${figures.df}`);
    }
  },
});
