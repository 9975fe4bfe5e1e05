/**
 * Checks by simulation that each test finds a nonexistent effect only as often as its level allows, and that
 * each interval misses the true value only as often as its level allows.
 */
import assert from "node:assert/strict";
import { type Draw, openDraw } from "../../core/random/mod.ts";
import { drawNormal } from "./distributions.ts";
import {
  alphaInterval,
  benjaminiHochberg,
  cliffsDelta,
  clusterBootstrap,
  fitMixedModel,
  hedgesG,
  holm,
  type Interval,
  isUnavailable,
  type MixedModelOptions,
  type ModelData,
  pairedDifference,
  permutationTest,
  type Unavailable,
} from "../mod.ts";

const LEVEL = 0.05;

/** A binomial share differs from its mean by more standard deviations than this only once in two thousand checks. */
const DEVIATIONS = 3.5;

function assertAtLevel(positive: number, trials: number): void {
  const reach = DEVIATIONS * Math.sqrt(LEVEL * (1 - LEVEL) / trials);
  const share = positive / trials;
  assert.ok(Math.abs(share - LEVEL) < reach, `${share} of ${trials}, not ${LEVEL} ± ${reach.toFixed(4)}`);
}

/** Counts the trials that pass a condition. Each trial has its own random numbers. */
function countOf(trials: number, name: string, holds: (draw: Draw, seed: string) => boolean): number {
  let count = 0;
  for (let trial = 0; trial < trials; trial++) {
    if (holds(openDraw("null", name, trial), `${name}/${trial}`)) count++;
  }
  return count;
}

function known<T>(result: T | Unavailable): T {
  assert(!isUnavailable(result), JSON.stringify(result));
  return result;
}

const misses = ({ lower, upper }: Interval, truth: number) => truth < lower || truth > upper;

const normals = (draw: Draw, count: number) => Array.from({ length: count }, () => drawNormal(draw));

/** Draws exponential values, which are skewed as toxicity scores are. */
const skewed = (draw: Draw, count: number) =>
  Array.from({ length: count }, () => -Math.log(1 - draw.uniform()));

/** The data of discussions of unequal length in two conditions, without drawn outcomes. */
function design(groupsPerArm: number): ModelData {
  const rows = [...Array(2 * groupsPerArm).keys()].flatMap((group) =>
    [...Array(4 + group % 4).keys()].map((turn) => ({ group, turn }))
  );
  return {
    outcome: rows.map(() => 0),
    group: rows.map(({ group }) => String(group)),
    predictors: {
      arm: { values: rows.map(({ group }) => group < groupsPerArm ? "a" : "b"), reference: "a" },
      turn: { values: rows.map(({ turn }) => turn), centred: true },
    },
    terms: [["arm"], ["turn"], ["arm", "turn"]],
  };
}

/** Counts the experiments that find a nonexistent effect. Two thirds of the variance is between discussions. */
function mixedModelPositives(
  coefficient: string,
  groupsPerArm: number,
  simulations: number,
  model: MixedModelOptions,
): number {
  const data = design(groupsPerArm);
  return countOf(simulations, `${coefficient}/${groupsPerArm}`, (draw) => {
    const intercepts = normals(draw, 2 * groupsPerArm);
    const outcome = data.group.map((group) => 1.4 * intercepts[Number(group)]! + drawNormal(draw));
    const { coefficients } = known(fitMixedModel({ ...data, outcome }, model));
    return coefficients.find(({ name }) => name === coefficient)!.p < LEVEL;
  });
}

for (const coefficient of ["arm[b]", "turn", "arm[b]:turn"]) {
  Deno.test(`fitMixedModel() finds a nonexistent effect of "${coefficient}" as often as its level says`, () => {
    assertAtLevel(mixedModelPositives(coefficient, 10, 1500, {}), 1500);
  });
}

Deno.test("fitMixedModel() keeps its level with the normal distribution if there are many discussions", () => {
  assertAtLevel(mixedModelPositives("arm[b]", 60, 1000, { reference: "normal" }), 1000);
});

Deno.test("fitMixedModel() keeps its level with four discussions in each arm; with the normal distribution it does not", () => {
  assertAtLevel(mixedModelPositives("arm[b]", 4, 1500, {}), 1500);
  const share = mixedModelPositives("arm[b]", 4, 1500, { reference: "normal" }) / 1500;
  assert.ok(share > 0.07, `${share}`);
});

Deno.test("permutationTest() of skewed values is positive as often as its level says, exact or drawn", () => {
  const exact = countOf(1500, "exact", (draw, seed) => {
    const values = skewed(draw, 12);
    return known(permutationTest(values.slice(0, 6), values.slice(6), { seed })).p <= LEVEL;
  });
  assertAtLevel(exact, 1500);
  const drawn = countOf(1500, "drawn", (draw, seed) => {
    const values = skewed(draw, 30);
    return known(permutationTest(values.slice(0, 12), values.slice(12), { seed, permutations: 199 })).p <=
      LEVEL;
  });
  assertAtLevel(drawn, 1500);
});

Deno.test("pairedDifference() is positive as often as its level says, by t, by permutation and by bootstrap", () => {
  const [trials, pairs] = [1000, 40];
  const positive = { t: 0, permutation: 0, interval: 0, bootstrap: 0 };
  for (let trial = 0; trial < trials; trial++) {
    const draw = openDraw("null", "pairs", trial);
    const shared = normals(draw, pairs);
    const data = shared.map((of) => [of + drawNormal(draw), of + drawNormal(draw)] as const);
    const options = { seed: `pairs/${trial}`, resamples: 199, permutations: 199 };
    const { p, permutation, interval, bootstrap } = known(pairedDifference(data, options));
    if (p < LEVEL) positive.t++;
    if (permutation.p <= LEVEL) positive.permutation++;
    if (misses(interval, 0)) positive.interval++;
    if (misses(bootstrap.interval, 0)) positive.bootstrap++;
  }
  for (const count of Object.values(positive)) assertAtLevel(count, trials);
});

Deno.test("clusterBootstrap() misses the mean over discussions as often as its level says", () => {
  const missed = countOf(1000, "clusters", (draw, seed) => {
    const clusters = Array.from({ length: 60 }, () => {
      const intercept = drawNormal(draw);
      return normals(draw, 4).map((of) => intercept + of);
    });
    const mean = (sample: readonly (readonly number[])[]) => {
      let sum = 0;
      for (const cluster of sample) for (const value of cluster) sum += value;
      return sum / (4 * sample.length);
    };
    return misses(known(clusterBootstrap(clusters, mean, { seed, resamples: 299 })).interval, 0);
  });
  assertAtLevel(missed, 1000);
});

Deno.test("alphaInterval() misses an alpha of 0 as often as its level says", () => {
  const missed = countOf(400, "alpha", (draw, seed) => {
    const ratings = Array.from({ length: 80 }, () => Array.from({ length: 3 }, () => draw.below(4)));
    return misses(known(alphaInterval(ratings, "nominal", { seed, resamples: 199 })).interval, 0);
  });
  assertAtLevel(missed, 400);
});

Deno.test("hedgesG() and cliffsDelta() miss an effect of 0 as often as their level says", () => {
  for (const effect of [hedgesG, cliffsDelta]) {
    const missed = countOf(
      3000,
      effect.name,
      (draw) => misses(known(effect(normals(draw, 30), normals(draw, 30))).interval, 0),
    );
    assertAtLevel(missed, 3000);
  }
});

Deno.test("holm() and benjaminiHochberg() find an effect in a family without effects as often as the level says", () => {
  for (const correct of [holm, benjaminiHochberg]) {
    const any = countOf(
      4000,
      correct.name,
      (draw) => correct(Array.from({ length: 6 }, () => draw.uniform())).some((p) => p < LEVEL),
    );
    assertAtLevel(any, 4000);
  }
});
