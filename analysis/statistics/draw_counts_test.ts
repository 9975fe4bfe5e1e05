import assert from "node:assert/strict";
import {
  clusterBootstrap,
  isUnavailable,
  pairedDifference,
  permutationTest,
  permuteFactorial,
} from "../mod.ts";
import { resamplesOf } from "./cluster_bootstrap.ts";
import { affordable, drawsFor } from "./draw_counts.ts";

const COUNT = { most: 999, least: 199 };

Deno.test("affordable() stays within the limit, except for the least number of draws", () => {
  // 1,000 parts are 10 draws of 100 parts.
  assert.equal(affordable({ most: 99, least: 5 }, 100, 1000), 10);
  assert.equal(affordable({ most: 99, least: 20 }, 100, 1000), 20);
  assert.equal(affordable({ most: 8, least: 5 }, 100, 1000), 8);
  assert.equal(affordable({ most: 8, least: 20 }, 100, 1000), 8);
});

Deno.test("drawsFor() gives all draws to 20,000 discussions, and fewer to more", () => {
  assert.deepEqual([1, 20_000].map((size) => drawsFor(COUNT, size)), [999, 999]);
  // By hand: 999 × 20,000 / 50,000 = 399.6, and 999 × 20,000 / 100,000 = 199.8.
  assert.deepEqual([50_000, 100_000, 1_000_000].map((size) => drawsFor(COUNT, size)), [399, 199, 199]);
  assert.equal(drawsFor(7, 1_000_000), 7);
  // By hand: 2,000 × 20,000 / 50,000 = 800.
  assert.deepEqual([20_000, 50_000, 1_000_000].map(resamplesOf), [2000, 800, 500]);
});

Deno.test("permutation tests of large samples draw fewer arrangements, and their smallest p is 1 / (draws + 1)", () => {
  const low = Array.from({ length: 15_000 }, (_, at) => at % 7);
  const high = low.map((value) => value + 100);
  // By hand: 999 × 20,000 / 30,000 = 666. A pair has two discussions.
  const result = permutationTest(high, low, { seed: "42", permutations: COUNT });
  assert(!isUnavailable(result));
  assert.deepEqual([result.arrangements, result.exact, result.p], [666, false, 1 / 667]);
  const pairs = high.map((value, at) => [value, low[at]! + at % 3] as const);
  const paired = pairedDifference(pairs, { seed: "42", permutations: COUNT, resamples: COUNT });
  assert(!isUnavailable(paired));
  assert.deepEqual([paired.permutation.arrangements, paired.permutation.p], [666, 1 / 667]);
  assert.equal(paired.bootstrap.resamples, 999);
});

Deno.test("permuteFactorial() of a large sample draws fewer arrangements", () => {
  const rows = Array.from({ length: 24_000 }, (_, row) => row);
  const result = permuteFactorial(
    {
      outcome: rows.map((row) => row % 2 * 10 + row % 5),
      group: rows.map(String),
      predictors: { moderator: { values: rows.map((row) => "ny"[row % 2]!), reference: "n" } },
    },
    ["moderator"],
    { seed: "42", permutations: { most: 24, least: 4 } },
  );
  assert(!isUnavailable(result));
  // By hand: 24 × 20,000 / 24,000 = 20.
  assert.deepEqual([result.arrangements, result.exact, result.p], [20, false, 1 / 21]);
});

Deno.test("clusterBootstrap() of a large sample draws fewer resamples", () => {
  const clusters = Array.from({ length: 40_000 }, (_, at) => at % 11);
  const first = ([value]: readonly number[]) => value!;
  const result = clusterBootstrap(clusters, first, { seed: "42", resamples: { most: 50, least: 10 } });
  assert(!isUnavailable(result));
  assert.equal(result.resamples, 25);
});
