import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT } from "../../core/experiment/analysis_design.ts";
import { isUnavailable } from "../statistics/unavailable.ts";
import type { ModelUse } from "./effects.ts";
import { type OutcomeModels, outcomeModels } from "./outcome_models.ts";
import { outcomesOf } from "./outcomes.ts";
import { sampleOf } from "./sample.ts";
import { observationsWith } from "./testing/mod.ts";

/** The models of an outcome of twelve discussions in two conditions, by the declared effects. */
function modelsWith(effects: readonly (readonly string[])[]) {
  const observations = observationsWith({
    seed: "models",
    factors: { moderator: ["none", "gentle"] },
    replications: 6,
    comments: 4,
    scales: ["toxicity"],
    matched: true,
  });
  const analysis = { ...ANALYSIS_DEFAULT, outcomes: ["toxicity"], effects };
  const { compared, context } = sampleOf(observations, analysis, {});
  return outcomeModels(outcomesOf(compared, analysis)[0]!, context);
}

function fittedBy(models: OutcomeModels, use: ModelUse) {
  const model = models.fit(use, { method: "mixed-model", slopes: true });
  assert(!isUnavailable(model), JSON.stringify(model));
  assert(model.method === "mixed-model");
  return model;
}

Deno.test("outcomeModels() fits a model once for two uses with the same terms", () => {
  const models = modelsWith([["moderator"], ["moderator", "turn"]]);
  const declared = fittedBy(models, "trends");
  const explored = fittedBy(models, "explored-trends");
  assert.equal(explored.fit, declared.fit);
  assert.equal(explored.residuals, declared.residuals);
  assert.deepEqual([declared.use, explored.use], ["trends", "explored-trends"]);
  assert.deepEqual(models.tried().map(({ use, model }) => [use, model]), [
    ["trends", declared],
    ["explored-trends", explored],
  ]);
});

Deno.test("outcomeModels() fits two models for uses with different terms", () => {
  const models = modelsWith([["moderator"]]);
  const terms = (["trends", "explored-trends"] as const).map((use) =>
    fittedBy(models, use).fit.terms.map(({ term }) => term.join(":"))
  );
  assert.deepEqual(terms, [["moderator", "turn"], ["moderator", "turn", "moderator:turn"]]);
});
