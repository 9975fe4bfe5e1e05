import assert from "node:assert/strict";
import { type Draw, openDraw } from "../../core/random/mod.ts";
import { drawNormal } from "./distributions.ts";
import { energyDistance } from "./energy_distance.ts";
import { isUnavailable } from "./unavailable.ts";
import { vectorDistances } from "./vector_distances.ts";

type Corpus = readonly (readonly (readonly number[])[])[];

function compared(
  one: Corpus,
  other: Corpus,
  options: Readonly<{ seed?: string; permutations?: number }> = {},
) {
  const { seed = "42" } = options;
  const vectors = [...one, ...other].map((comments) => comments.map((comment) => Float32Array.from(comment)));
  const first = one.map((_, place) => place);
  const second = other.map((_, place) => one.length + place);
  const result = energyDistance(vectorDistances(vectors, { seed }), [first, second], { ...options, seed });
  assert.ok(!isUnavailable(result));
  return result;
}

function close(found: number, expected: number, tolerance = 1e-6): void {
  assert.ok(Math.abs(found - expected) < tolerance, `${found} is not ${expected}`);
}

const FIRST = [
  [0.0, 0.3, -0.27],
  [-0.89, -0.45, -0.99],
  [0.06, 1.34, -0.49],
  [-0.62, 0.49, 0.36],
  [0.11, -0.93, -0.03],
  [0.7, -1.34, -0.46],
  [-1.9, -1.29, -1.84],
].map((comment) => [comment]);
const NEAR = [
  [0.76, -1.27, 0.27],
  [1.16, -0.19, -2.52],
  [0.46, -0.05, 0.11],
  [-0.53, -0.48, -0.98],
  [0.19, 1.06, -0.81],
  [0.97, 0.88, -0.58],
].map((comment) => [comment]);
const FAR = NEAR.map(([comment]) => [comment!.map((value, at) => at === 0 ? value + 1.5 : value)]);

// The expected distances, with and without the jackknife, come from dcor 0.7:
// energy_distance(estimation_stat="u_statistic"). The expected p and quantiles of all 1,716 assignments come
// from NumPy, and the critical value from SciPy.
Deno.test("energyDistance() gives dcor's distance and jackknife if each discussion has one comment", () => {
  const near = compared(FIRST, NEAR, { permutations: 20_000 });
  close(near.distance, -0.0584128808);
  assert.equal(near.interval.lower, 0);
  close(near.interval.upper, 0.8059907547, 1e-5);
  close(near.p, 0.4819, 0.012);
  close(near.chance, 0.5393, 0.02);
  const far = compared(FIRST, FAR, { permutations: 20_000 });
  close(far.distance, 1.8588511572);
  close(far.interval.lower, 0.3158176445, 1e-5);
  close(far.interval.upper, 3.4018846699, 1e-5);
  close(far.p, 0.00058, 0.0004);
  close(far.chance, 0.6541, 0.02);
  // The result is the same if both corpora are swapped.
  const back = compared(FAR, FIRST, { permutations: 20_000 });
  close(back.distance, far.distance, 1e-12);
  close(back.chance, far.chance, 0.03);
  close(back.within[0], far.within[1], 1e-12);
});

// The expected means over all pairs of discussions come from NumPy.
Deno.test("energyDistance() gives each discussion the same weight, and leaves out pairs within a discussion", () => {
  const one = [
    [[-0.11, 0.11], [0.06, -1.23]],
    [[0.08, 1.36]],
    [[-1.55, 0.86], [0.12, -0.64], [2.0, 0.76]],
    [[-1.2, 0.07], [0.58, -0.19]],
    [[0.68, -0.07], [0.67, 1.44]],
  ];
  const other = [
    [[-0.18, 0.7]],
    [[0.04, 0.63], [-0.69, -0.08], [0.3, 1.4], [1.65, -0.82]],
    [[-0.29, 1.15], [-1.49, 0.04]],
    [[0.4, 1.76], [1.19, 0.17]],
    [[0.13, 0.25], [2.02, 0.07], [0.2, 0.85]],
  ];
  const { between, within, distance, sizes } = compared(one, other);
  close(between, 1.4713266941);
  close(within[0], 1.6216500503);
  close(within[1], 1.42149678);
  close(distance, -0.1004934422);
  assert.deepEqual(sizes, [5, 5]);
});

/** Discussions whose comments share an effect, so that they depend on each other. */
function correlated(draw: Draw, sizes: readonly number[], dimension = 6): Corpus {
  return sizes.map((size) => {
    const effect = Array.from({ length: dimension }, () => drawNormal(draw));
    return Array.from({ length: size }, () => effect.map((value) => value + drawNormal(draw)));
  });
}

const SIMULATIONS = 300;

function rejected(corpora: (draw: Draw) => readonly [Corpus, Corpus]): number {
  let count = 0;
  for (let simulation = 0; simulation < SIMULATIONS; simulation++) {
    const [one, other] = corpora(openDraw("null", simulation));
    if (compared(one, other, { seed: String(simulation), permutations: 199 }).p <= 0.05) count++;
  }
  return count / SIMULATIONS;
}

// The limits are 0.05 ± 2.6 standard errors of a share of 300 simulations.
const NOMINAL = { least: 0.017, most: 0.083 };

Deno.test("energyDistance() keeps its level if comments of a discussion depend on each other", () => {
  const sizes = (draw: Draw) => Array.from({ length: 10 }, () => 1 + draw.below(5));
  const rate = rejected((draw) => [correlated(draw, sizes(draw)), correlated(draw, sizes(draw))]);
  assert.ok(rate >= NOMINAL.least && rate <= NOMINAL.most, `${rate}`);
  // A test that exchanges single comments, not whole discussions, rejects far too often.
  const alone = rejected((draw) => {
    const [one, other] = [correlated(draw, sizes(draw)), correlated(draw, sizes(draw))];
    return [one.flat().map((comment) => [comment]), other.flat().map((comment) => [comment])];
  });
  assert.ok(alone > 0.2, `${alone}`);
});

Deno.test("energyDistance() gives the same p in any unit of the vectors", () => {
  // With five discussions each, some of the 252 assignments are drawn several times, so their distances are equal.
  const scaled = (corpus: Corpus, unit: number) =>
    corpus.slice(0, 5).map((comments) => comments.map((comment) => comment.map((value) => value * unit)));
  const [small, large] = [1, 2 ** 30].map((unit) => compared(scaled(FIRST, unit), scaled(FAR, unit)));
  assert.equal(large!.p, small!.p);
  assert.ok(small!.p > 1 / 1000, `${small!.p}`);
});

Deno.test("energyDistance() gives the reason if there are too few discussions", () => {
  const distances = vectorDistances(FIRST.map((comments) => comments.map((one) => Float32Array.from(one))), {
    seed: "42",
  });
  const result = energyDistance(distances, [[0, 1, 2], [3, 4, 5, 6]], { seed: "42" });
  assert.deepEqual(result, { unavailable: "a corpus has fewer than 5 discussions with vectors" });
});

Deno.test("energyDistance() gives the reason for vectors that are not finite, and refuses wrong levels", () => {
  const corpora = [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]] as const;
  for (const wrong of [NaN, Infinity]) {
    const vectors = Array.from({ length: 10 }, (_, at) => [Float32Array.of(at === 3 ? wrong : at)]);
    const result = energyDistance(vectorDistances(vectors, { seed: "42" }), corpora, { seed: "42" });
    assert.deepEqual(result, { unavailable: "an element of a vector is not finite or is too large" });
  }
  const finite = vectorDistances(Array.from({ length: 10 }, (_, at) => [Float32Array.of(at)]), {
    seed: "42",
  });
  assert.throws(() => energyDistance(finite, corpora, { seed: "42", level: 95 }), RangeError);
});

Deno.test("vectorDistances() draws comments if there are too many", () => {
  const discussions = Array.from(
    { length: 40 },
    (_, at) => Array.from({ length: 9 }, () => new Float32Array(20).fill(at)),
  );
  const { comments, between } = vectorDistances(discussions, { seed: "42", productsMax: 1_000_000 });
  // √(2 · 10⁶ / 20) is 316: 7 comments of each of 40 discussions.
  assert.equal(comments, 40 * 7);
  close(between(3, 1), 2 * Math.sqrt(20));
});
