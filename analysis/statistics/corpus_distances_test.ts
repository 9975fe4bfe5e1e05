import assert from "node:assert/strict";
import { corpusDistances } from "./corpus_distances.ts";
import { distributionDistance } from "./distribution_distance.ts";
import { isUnavailable } from "./unavailable.ts";

const [ONE, OTHER] = [[[0, 1, 1], [3]], [[1, 4], [6, 6, 2]]];

Deno.test("corpusDistances() gives the distances of the pooled values", () => {
  const found = corpusDistances(ONE, { other: [...OTHER, []], edges: [1, 4] }, { seed: "42" });
  assert.ok(!isUnavailable(found) && !isUnavailable(found.jensenShannon));
  // Computed in Python from the definitions, with `math.log2` and distribution functions as lists of shares.
  assert.equal(found.kolmogorovSmirnov.distance, 0.6);
  assert.ok(Math.abs(found.wasserstein.distance - 2.55) < 1e-12);
  assert.ok(Math.abs(found.jensenShannon.distance - 0.4640358486204121) < 1e-12);
});

Deno.test("corpusDistances() draws whole discussions, even if each has many values", () => {
  const many = (value: number) => Array.from({ length: 50 }, () => value);
  const distances = (one: number[][], other: number[][]) => {
    const found = corpusDistances(one, { other, edges: [0.5] }, { seed: "42" });
    assert.ok(!isUnavailable(found));
    return found.kolmogorovSmirnov;
  };
  // With two discussions in each corpus, a third of the arrangements put equal discussions together.
  assert.equal(distances([many(0), many(0)], [many(1), many(1)]).chance, 1);
  const clear = distances(
    [0, 1, 2, 3, 4, 5].map((n) => [n / 100]),
    [0, 1, 2, 3, 4, 5].map((n) => [1 + n / 100]),
  );
  assert.ok(clear.chance < clear.distance);
  assert.deepEqual(corpusDistances([[]], { other: ONE, edges: [] }, { seed: "42" }), {
    unavailable: "a corpus has no values",
  });
});

Deno.test("distances of large samples draw fewer resamples, and no more assignments than resamples", () => {
  const [one, other] = [[0, 1], [1, 2]].map((values) =>
    Array.from({ length: 20_000 }, (_, at) => values[at % 2]!)
  );
  const options = { seed: "42", resamples: { most: 50, least: 10 } };
  const single = distributionDistance(one!, other!, options);
  const lists = [one, other].map((values) => values!.map((value) => [value]));
  const corpora = corpusDistances(lists[0]!, { other: lists[1]!, edges: [] }, options);
  assert.ok(!isUnavailable(single) && !isUnavailable(corpora));
  // By hand: 50 × 20,000 / 40,000 = 25.
  assert.equal(single.resamples, 25);
  assert.deepEqual(corpora.wasserstein, single);
});
