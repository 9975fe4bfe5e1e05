/**
 * Checks by simulation that tests find a nonexistent effect only as often as their level allows, in experiments
 * with blocks, random slopes and few replicates. The program ../testing/false_positive_rates.ts measures more
 * such rates.
 */
import assert from "node:assert/strict";
import { openDraw } from "../../core/random/mod.ts";
import { drawExperiment } from "../testing/null_experiments.ts";
import {
  falsePositives,
  OF_BINARY,
  OF_EQUIVALENCE,
  OF_PERMUTATIONS,
  OF_VALUES,
  type Way,
} from "../testing/false_positive_rates.ts";

const [LEVEL, REPLICATES] = [0.05, 5] as const;

/** A binomial share differs from its mean by more standard deviations than this only once in two thousand checks. */
const DEVIATIONS = 3.5;

function ratesOf(way: Way, experiments: number, valueOf?: (latent: number) => number) {
  const draw = (experiment: number) =>
    drawExperiment(openDraw("factorial null", way.name, experiment), REPLICATES, valueOf);
  return falsePositives(way, experiments, draw).map(({ coefficient, positive, fitted }) => {
    assert.ok(fitted > 0.95 * experiments, `${fitted} of ${experiments} fitted`);
    const reach = DEVIATIONS * Math.sqrt(LEVEL * (1 - LEVEL) / fitted);
    return { coefficient, rate: positive / fitted, reach };
  });
}

function assertAtLevel(way: Way, experiments: number, valueOf?: (latent: number) => number): void {
  for (const { coefficient, rate, reach } of ratesOf(way, experiments, valueOf)) {
    assert.ok(Math.abs(rate - LEVEL) < reach, `${coefficient}: ${rate}, not ${LEVEL} ± ${reach.toFixed(3)}`);
  }
}

const [ALONE, IN_BLOCKS, INTERCEPTS, SLOPES, OF_DISCUSSIONS] = OF_VALUES as [Way, Way, Way, Way, Way];

Deno.test("fitMixedModel() keeps its level with blocks; without them it hardly ever finds an effect", () => {
  assertAtLevel(IN_BLOCKS, 400);
  assert.ok(ratesOf(ALONE, 400)[0]!.rate < 0.03);
});

Deno.test("fitMixedModel() keeps its level with random slopes; without them it finds trends too often", () => {
  assertAtLevel(SLOPES, 400);
  for (const { rate, coefficient } of ratesOf(INTERCEPTS, 400)) {
    assert.ok(rate > 0.065, `${coefficient}: ${rate}`);
  }
});

Deno.test("fitLinearModel() keeps its level with five blocks", () => {
  assertAtLevel(OF_DISCUSSIONS, 600);
});

Deno.test("tests of pairs and permutations within replicates keep their level; two permuted groups find too little", () => {
  const [groups, ...matched] = OF_PERMUTATIONS as [Way, Way, Way];
  for (const way of matched) assertAtLevel(way, 300);
  assert.ok(ratesOf(groups, 300)[0]!.rate < 0.03);
});

Deno.test("equivalence() keeps its level if the effect is at the margin", () => {
  for (const way of OF_EQUIVALENCE) assertAtLevel(way, 400);
});

Deno.test("fitLogisticMixedModel() keeps its level by default, although discussions have different trends", () => {
  const through = OF_BINARY.filter(({ coefficients }) => coefficients.length === 2).at(-1)!;
  assertAtLevel(through, 250, (latent) => latent > 1 ? 1 : 0);
});
