import assert from "node:assert/strict";
import {
  isOpening,
  onRealDiscussions,
  realDiscussions,
  realFactors,
  realFile,
  realScores,
  type ReferenceModel,
} from "../../core/testing/real_discussions.ts";
import { type Coefficient, fitMixedModel, isUnavailable, type MixedModelOptions } from "../mod.ts";

type Row = Readonly<{ discussion: string; strategy: string; turn: number; toxicity: number }>;

/** The users' turns, including silent ones, without openings and the moderator's turns. */
async function userTurns(): Promise<Row[]> {
  const scores = await realScores();
  const rows: Row[] = [];
  for await (const discussion of realDiscussions()) {
    const { id, moderator, logs } = discussion;
    const { strategy } = realFactors(discussion);
    for (const [turn, entry] of logs.entries()) {
      if (isOpening(entry) || entry.name === moderator) continue;
      rows.push({ discussion: id, strategy, turn, toxicity: scores.get(`${id}/${turn}`)! });
    }
  }
  return rows;
}

function assertReproduced(rows: readonly Row[], terms: string[][], reference: ReferenceModel): void {
  const options: MixedModelOptions = { reference: "normal" };
  const model = fitMixedModel({
    outcome: rows.map(({ toxicity }) => toxicity),
    group: rows.map(({ discussion }) => discussion),
    predictors: {
      strategy: { values: rows.map(({ strategy }) => strategy), reference: "No Facilitator" },
      turn: { values: rows.map(({ turn }) => turn), centred: true },
    },
    terms,
  }, options);
  assert(!isUnavailable(model));
  assert.equal(model.rows, 5400);
  assert.equal(model.groups, 360);
  assert.equal(model.centres.turn, 14.25);
  assert.ok(Math.abs(model.logLikelihood - reference.log_likelihood_reml) < 0.01, `${model.logLikelihood}`);
  assert.equal(model.variances.intercept.toPrecision(4), reference.group_variance.toPrecision(4));
  assert.equal(model.variances.residual.toPrecision(4), reference.residual_variance.toPrecision(4));
  const found = model.coefficients.map(({ name, estimate, standardError }) => [
    name,
    estimate.toPrecision(4),
    standardError.toPrecision(4),
  ]);
  const expected = Object.entries(reference.coefficients).map(([name, { estimate, se }]) => [
    name.replace(/C\(.*\)\[T\.(.*?)\]/, "strategy[$1]").replace("turn_c", "turn"),
    estimate.toPrecision(4),
    se.toPrecision(4),
  ]);
  assert.deepEqual(found, expected);
  for (const [index, { z, p }] of Object.values(reference.coefficients).entries()) {
    const { name, statistic, p: ours }: Coefficient = model.coefficients[index]!;
    assert.ok(
      Math.abs(statistic / z - 1) < 1e-4 && Math.abs(ours - p) < 1e-4,
      `${name}: ${statistic}, ${ours}`,
    );
  }
}

Deno.test({
  ...onRealDiscussions("fitMixedModel() reproduces the models of the real discussions"),
  async fn() {
    const rows = await userTurns();
    const reference = JSON.parse(await realFile("reference.json"));
    assertReproduced(rows, [["strategy"]], reference.mixed_model_strategy);
    assertReproduced(
      rows,
      [["strategy"], ["turn"], ["strategy", "turn"]],
      reference.mixed_model_strategy_x_turn,
    );
  },
});
