/**
 * Computes statistics of 1,000 discussions with 30 comments and three annotators. Each should take at most one
 * second.
 */
import { openDraw } from "../../core/random/mod.ts";
import { drawNormal } from "./distributions.ts";
import { alphaInterval, fitMixedModel, krippendorffAlpha, type ModelData, permutationTest } from "../mod.ts";

const [DISCUSSIONS, COMMENTS] = [1000, 30];
const draw = openDraw("bench", "statistics");
const rows = [...Array(DISCUSSIONS).keys()].flatMap((discussion) => {
  const intercept = drawNormal(draw);
  return [...Array(COMMENTS).keys()].map((turn) => ({
    discussion,
    turn,
    score: intercept + drawNormal(draw),
  }));
});
const discussions = rows.map(({ discussion }) => String(discussion));
const ratings = rows.map(() => {
  const usual = draw.below(5);
  return [0, 1, 2].map(() => draw.below(10) === 0 ? null : draw.below(10) < 6 ? usual : draw.below(5));
});
const data: ModelData = {
  outcome: rows.map(({ score }) => score),
  group: discussions,
  predictors: {
    condition: { values: rows.map(({ discussion }) => "abcd"[discussion % 4]!), reference: "a" },
    turn: { values: rows.map(({ turn }) => turn), centred: true },
  },
  terms: [["condition"], ["turn"], ["condition", "turn"]],
};
const means = Array.from({ length: DISCUSSIONS }, () => drawNormal(draw));

Deno.bench("fitMixedModel(): four conditions, turns and their interaction", () => {
  fitMixedModel(data);
});
Deno.bench("krippendorffAlpha(): ordinal", () => {
  krippendorffAlpha(ratings, "ordinal");
});
Deno.bench("alphaInterval(): ordinal, 2,000 resamples of discussions", () => {
  alphaInterval(ratings, "ordinal", { seed: "bench" }, discussions);
});
Deno.bench("permutationTest(): two conditions of 500, 9,999 arrangements drawn", () => {
  permutationTest(means.slice(0, 500), means.slice(500), { seed: "bench" });
});
