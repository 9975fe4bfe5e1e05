import assert from "node:assert/strict";
import { openDraw } from "../../core/random/mod.ts";
import { binomialTest, chiSquareTest, equalChancesTest, normalTest } from "./chance.ts";

// Expected values come from SciPy 1.17.1: twice the smaller of binom.cdf(k) and binom.sf(k - 1), chi2.sf, norm.sf,
// chisquare.

function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= 1e-9 * expected + 1e-300, `${actual}, not ${expected}`);
}

Deno.test("binomialTest() gives twice the probability of the smaller tail", () => {
  near(binomialTest(7, 10, 0.5).p, 0.34375);
  near(binomialTest(3, 40, 0.2).p, 0.05692418891948915);
  near(binomialTest(824, 4680, 1 / 6).p, 0.08948223127218512);
  near(binomialTest(0, 12, 0.3).p, 0.027682574402000025);
  assert.ok(binomialTest(824, 4680, 0.5).p < 1e-300);
});

Deno.test("chiSquareTest() and normalTest() give the tails of their distributions", () => {
  near(chiSquareTest(27.877, 9).p, 0.001000063357757273);
  near(chiSquareTest(150, 99).p, 0.0007204453957169282);
  const { p } = normalTest(-33, 100) as { p: number };
  near(p, 0.0009668482847675549);
});

Deno.test("normalTest() returns no p but a reason if there are too few cases", () => {
  assert.deepEqual(normalTest(5, 8.9), { unavailable: "there are too few cases" });
});

Deno.test("equalChancesTest() is Pearson's test if each draw takes one item and the expected counts are large", () => {
  const { p, method } = equalChancesTest(
    { counts: [18, 25, 30, 27], draws: 100, perDraw: 1 },
    openDraw("1", "x"),
  );
  assert.equal(method, "chi-square");
  near(p, 0.37349103176769155);
});

Deno.test("equalChancesTest() simulates if expected counts are small, and agrees with a list of all possible outcomes", () => {
  // Two draws of one of two items give the same item with probability 1/2. One of each is the best possible fit.
  const uneven = equalChancesTest({ counts: [2, 0], draws: 2, perDraw: 1 }, openDraw("1", "uneven"));
  assert.equal(uneven.method, "simulation");
  assert.ok(Math.abs(uneven.p - 0.5) < 0.02, String(uneven.p));
  assert.equal(equalChancesTest({ counts: [1, 1], draws: 2, perDraw: 1 }, openDraw("1", "even")).p, 1);
  // Three draws, each of two out of three items, took the same two items each time. 3 of the 27 possible
  // outcomes are as uneven as this.
  const pairs = equalChancesTest({ counts: [3, 3, 0], draws: 3, perDraw: 2 }, openDraw("1", "pairs"));
  assert.ok(Math.abs(pairs.p - 3 / 27) < 0.015, String(pairs.p));
  assert.equal(pairs.pMin, 1e-4);
});

Deno.test("equalChancesTest() keeps its level if each draw takes several items", () => {
  const draw = openDraw("level", "draws");
  const names = Array.from({ length: 8 }, (_, at) => at);
  let below = 0;
  for (let time = 0; time < 2000; time++) {
    const counts = names.map(() => 0);
    for (let nth = 0; nth < 40; nth++) for (const at of draw.sample(names, 3)) counts[at]!++;
    if (equalChancesTest({ counts, draws: 40, perDraw: 3 }, draw).p <= 0.05) below++;
  }
  // The number below the level is binomial: n = 2,000, p = 0.05. The test allows four standard deviations.
  assert.ok(Math.abs(below - 100) < 4 * Math.sqrt(2000 * 0.05 * 0.95), String(below));
});
