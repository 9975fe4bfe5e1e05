import assert from "node:assert/strict";
import {
  isUnavailable,
  type PermutationResult,
  permutationTest,
  signFlipTest,
  type Unavailable,
} from "../mod.ts";
import { FIRST, SECOND } from "../testing/mod.ts";

// Expected values: SciPy 1.17.1 (permutation_test), computed by ../testing/two_conditions_reference.py.

function found(result: PermutationResult | Unavailable): PermutationResult {
  assert(!isUnavailable(result), JSON.stringify(result));
  return result;
}

function assertNear(value: number, expected: number, distance = 1e-12): void {
  assert.ok(Math.abs(value - expected) < distance, `${value}, not ${expected}`);
}

Deno.test("permutationTest() gives SciPy's exact p of two conditions", () => {
  const equal = found(permutationTest(SECOND, FIRST, { seed: "42" }));
  assertNear(equal.difference, 1.58);
  assertNear(equal.p, 0.08144796380090498);
  assert.deepEqual([equal.exact, equal.arrangements], [true, 184_756]);
  const unequal = found(permutationTest(SECOND.slice(0, 4), FIRST, { seed: "42" }));
  assertNear(unequal.difference, 0.225);
  assertNear(unequal.p, 0.8271728271728271);
  assert.deepEqual([unequal.exact, unequal.arrangements], [true, 1001]);
});

Deno.test("permutationTest() gives about the exact p if it draws arrangements, and depends on the seed", () => {
  const drawn = (seed: string) => found(permutationTest(SECOND, FIRST, { seed, exactMax: 1000 }));
  const { p, exact, arrangements } = drawn("42");
  assert.deepEqual([exact, arrangements], [false, 9999]);
  // The test allows four standard deviations of a share of 9,999 draws.
  assertNear(p, 0.08144796380090498, 4 * Math.sqrt(0.0814 * 0.9186 / 9999));
  assert.deepEqual(drawn("42"), drawn("42"));
  assert.notEqual(drawn("42").p, drawn("43").p);
});

Deno.test("permutationTest() gives a p of at least 1 / (m + 1) if it draws m arrangements", () => {
  const low = Array.from({ length: 30 }, (_, i) => i);
  const high = low.map((value) => value + 1000);
  assert.equal(found(permutationTest(high, low, { seed: "42", permutations: 99 })).p, 1 / 100);
});

Deno.test("permutationTest() counts arrangements that differ from the observed one only by rounding", () => {
  // By hand: there are 6 ways to choose 2 of 4 values. Two of them, {0.1, 0.2} and {0.3, 0.4}, give the largest
  // difference. By rounding, the difference of the first is slightly smaller.
  assert.equal(found(permutationTest([0.3, 0.4], [0.1, 0.2], { seed: "42" })).p, 2 / 6);
});

Deno.test("signFlipTest() gives SciPy's exact p of pairs", () => {
  const { difference, p, arrangements } = found(
    signFlipTest(SECOND.map((value, i) => value - FIRST[i]!), { seed: "42" }),
  );
  assertNear(difference, 1.58);
  assert.equal(p, 0.00390625);
  assert.equal(arrangements, 1024);
});

Deno.test("signFlipTest() gives about the exact p if it draws signs", () => {
  const differences = [3, -1, 2, 4, -2, 1, 5, -3];
  const [exact, drawn] = [1000, 100].map((exactMax) =>
    found(signFlipTest(differences, { seed: "42", exactMax }))
  );
  assert.deepEqual([exact!.exact, drawn!.exact], [true, false]);
  assertNear(drawn!.p, exact!.p, 4 * Math.sqrt(exact!.p * (1 - exact!.p) / 9999));
});

Deno.test("permutationTest() and signFlipTest() return a reason if there is no p", () => {
  const seed = { seed: "42" };
  assert.deepEqual(permutationTest([], [1, 2], seed), { unavailable: "a condition has no discussions" });
  assert.deepEqual(permutationTest([3, 3], [3, 3], seed), { unavailable: "all values are equal" });
  assert.deepEqual(permutationTest([0.1 + 0.2, 0.3], [0.3], seed), { unavailable: "all values are equal" });
  assert.deepEqual(permutationTest([1, NaN], [3], seed), {
    unavailable: "value 2 of 3 is NaN, which is not finite or is too large",
  });
  assert.deepEqual(signFlipTest([], seed), { unavailable: "there are no pairs" });
  assert.deepEqual(signFlipTest([0, 0], seed), { unavailable: "all differences are 0" });
  assert.deepEqual(signFlipTest([1, Infinity], seed), {
    unavailable: "difference 2 of 2 is Infinity, which is not finite or is too large",
  });
});

Deno.test("permutationTest() gives p = 1 for a difference of 0, despite rounding", () => {
  // Tenths are not exact in binary, so the deviations of these equal sums do not cancel to exactly 0.
  const values = Array.from({ length: 30 }, (_, index) => index % 3 / 10);
  const result = permutationTest(values, values.toReversed(), { seed: "42", permutations: 499 });
  assert(!isUnavailable(result));
  assert.equal(result.p, 1);
});
