import assert from "node:assert/strict";
import { isUnavailable, type PairedDifference, pairedDifference, type PairedOptions } from "../mod.ts";
import { FIRST, SECOND } from "../testing/mod.ts";

// Expected values: SciPy 1.17.1 (ttest_rel, bootstrap), computed by ../testing/two_conditions_reference.py.

const PAIRS = SECOND.map((value, patient) => [value, FIRST[patient]!] as const);

function found(
  pairs: Parameters<typeof pairedDifference>[0],
  options: Partial<PairedOptions> = {},
): PairedDifference {
  const result = pairedDifference(pairs, { seed: "42", ...options });
  assert(!isUnavailable(result), JSON.stringify(result));
  return result;
}

function assertNear(value: number, expected: number, distance = 1e-9): void {
  assert.ok(Math.abs(value - expected) < distance, `${value}, not ${expected}`);
}

Deno.test("pairedDifference() gives SciPy's t test of pairs and its interval", () => {
  const { pairs, difference, t, df, p, interval, permutation } = found(PAIRS);
  assert.deepEqual([pairs, df], [10, 9]);
  assertNear(difference, 1.58);
  assertNear(t, 4.062127683382037);
  assertNear(p, 0.002832890197384273);
  assertNear(interval.lower, 0.7001142367230175);
  assertNear(interval.upper, 2.459885763276983);
  assert.equal(permutation.p, 0.00390625);
  const narrower = found(PAIRS, { level: 0.9 }).interval;
  assertNear(narrower.lower, 0.8669947329707162);
  assertNear(narrower.upper, 2.293005267029284);
});

Deno.test("pairedDifference() gives about the expanded interval of SciPy's bootstrap of pairs", () => {
  const { bootstrap } = found(PAIRS, { resamples: 10_000 });
  assertNear(bootstrap.interval.lower, 0.85, 0.05);
  assertNear(bootstrap.interval.upper, 2.58, 0.05);
  assertNear(bootstrap.standardError, 0.36857, 0.01);
});

Deno.test("pairedDifference() excludes and counts pairs that lack a value", () => {
  const result = found([[3, null], ...PAIRS, [null, 4], [null, null]]);
  assert.deepEqual([result.pairs, result.missing], [10, 3]);
  assertNear(result.t, 4.062127683382037);
});

Deno.test("pairedDifference() returns a reason if it cannot be computed", () => {
  const reasonOf = (pairs: Parameters<typeof pairedDifference>[0]) => pairedDifference(pairs, { seed: "42" });
  assert.deepEqual(reasonOf([]), { unavailable: "only 0 of 0 pairs have both values, and two are needed" });
  assert.deepEqual(reasonOf([[1, 2], [null, 3]]), {
    unavailable: "only 1 of 2 pairs have both values, and two are needed",
  });
  const equal = { unavailable: "all paired differences are identical, so no variance can be estimated" };
  assert.deepEqual(reasonOf([[1, 2], [2, 3]]), equal);
  assert.deepEqual(reasonOf([[0.3, 0.1], [0.4, 0.2], [0.5, 0.3]]), equal);
  assert.deepEqual(reasonOf([[0, 0], [0, 0]]), equal);
  assert.deepEqual(reasonOf([[1, 2], [Infinity, 3]]), {
    unavailable: "value 3 of 4 is Infinity, which is not finite or is too large",
  });
  assert.throws(() => pairedDifference(PAIRS, { seed: "42", level: 0 }), RangeError);
});
