import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import {
  onRealDiscussions,
  realDiscussions,
  realFile,
  realScores,
  scoredEvents,
} from "../../core/testing/real_discussions.ts";
import { isUnavailable } from "../mod.ts";
import { compareOutcomes, type Observation, observe, type OutcomeModel } from "./mod.ts";
import { slotsOf } from "../projections/mod.ts";

// Reference: statsmodels 0.13.5, MixedLM (random intercept by discussion, REML). `reference.json` in the data set holds
// its results.

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
    const measures = { diversity: 0, wordsCompared: null, distinct2: 0 };
    observations.push(await observe("real", slots, () => Promise.resolve(measures)));
  }
  return observations;
}

type Reference = Readonly<{
  log_likelihood_reml: number;
  group_variance: number;
  residual_variance: number;
  coefficients: Readonly<Record<string, Readonly<{ estimate: number; se: number; z: number; p: number }>>>;
}>;

function assertReproduced({ method, fit }: OutcomeModel, reference: Reference): void {
  assert(method === "mixed-model");
  assert.deepEqual([fit.rows, fit.missing, fit.groups], [5400, 0, 360]);
  assert.ok(Math.abs(fit.logLikelihood - reference.log_likelihood_reml) < 0.01, `${fit.logLikelihood}`);
  assert.equal(fit.variances.intercept.toPrecision(4), reference.group_variance.toPrecision(4));
  assert.equal(fit.variances.residual.toPrecision(4), reference.residual_variance.toPrecision(4));
  // The models here estimate means over strategies where the reference has values at the reference strategy.
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
    // The reference does not adjust for the model.
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
    // Only one of the six p values is small, 0.0025 by z in the reference. Holm's rule multiplies it by six.
    const [slope, ...others] = confirmatory.toSorted((a, b) => a.adjusted! - b.adjusted!);
    assert.equal(slope!.term.name, "strategy[Constr. Comms]:turn");
    assert.ok(Math.abs(slope!.adjusted! - 6 * 0.0025) < 0.0002, `${slope!.adjusted}`);
    assert.ok(others.every(({ adjusted }) => adjusted! > 0.3));
  },
});
