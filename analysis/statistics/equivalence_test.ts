import assert from "node:assert/strict";
import { equivalence } from "../mod.ts";
import { FIRST, SECOND } from "../testing/mod.ts";
import { mean, sampleVariance } from "./distributions.ts";

// Expected values: R 4.2.2, max(t.test(x, mu = -m, alternative = "greater", paired = TRUE)$p.value,
// t.test(x, mu = m, alternative = "less", paired = TRUE)$p.value) for the data set sleep.

const EXPECTED = [[1, 0.91494411455129], [2, 0.1541572356691], [2.5, 0.021116860246501], [
  4,
  7.7388985032154e-5,
]];

const differences = SECOND.map((value, index) => value - FIRST[index]!);
const found = {
  estimate: mean(differences),
  standardError: Math.sqrt(sampleVariance(differences) / differences.length),
  df: differences.length - 1,
};

Deno.test("equivalence() gives the p value of R's two one-sided paired t tests", () => {
  for (const [margin, p] of EXPECTED) {
    assert.ok(
      Math.abs(equivalence(found, margin!).p / p! - 1) < 1e-9,
      `${margin}: ${equivalence(found, margin!).p}`,
    );
    assert.equal(
      equivalence({ ...found, estimate: -found.estimate }, margin!).p,
      equivalence(found, margin!).p,
    );
  }
});

Deno.test("equivalence() finds equivalence if and only if its interval lies within the margin", () => {
  for (let margin = 0.5; margin < 5; margin += 0.05) {
    for (const alpha of [0.01, 0.05, 0.2]) {
      const { equivalent, interval } = equivalence(found, margin, alpha);
      assert.equal(equivalent, -margin < interval.lower && interval.upper < margin, `${margin}, ${alpha}`);
    }
  }
});

Deno.test("equivalence() refuses impossible margins and error rates", () => {
  for (const margin of [0, -1, NaN, Infinity]) assert.throws(() => equivalence(found, margin), RangeError);
  for (const alpha of [0, 0.5, 0.7]) assert.throws(() => equivalence(found, 1, alpha), RangeError);
});
