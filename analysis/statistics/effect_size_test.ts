import assert from "node:assert/strict";
import { cliffsDelta, type EffectSize, hedgesG, isUnavailable } from "../mod.ts";
import { FIRST, SECOND } from "../testing/mod.ts";

// Expected values: metafor 3.8-1 (R 4.2.2), computed by ../testing/hedges_g_reference.R.

for (
  const [count, ...expected] of [
    [10, 0.796935239191, 0.464626349217, -0.113715671542, 1.707586149925],
    [4, 0.132150238904, 0.592134868977, -1.028412778282, 1.292713256090],
  ] as const
) {
  Deno.test(`hedgesG() gives metafor's g and interval for ${count} values compared with ten`, () => {
    const result = hedgesG(SECOND.slice(0, count), FIRST);
    assert(!isUnavailable(result));
    const { estimate, standardError, interval } = result;
    for (const [index, value] of [estimate, standardError, interval.lower, interval.upper].entries()) {
      assert.ok(Math.abs(value - expected[index]!) < 1e-9, `${value}, not ${expected[index]}`);
    }
  });
}

Deno.test("hedgesG() changes its sign if its arguments are swapped, and does not depend on the unit", () => {
  const there = hedgesG(SECOND, FIRST) as { estimate: number };
  const back = hedgesG(FIRST.map((x) => 60 * x + 7), SECOND.map((x) => 60 * x + 7)) as { estimate: number };
  assert.ok(Math.abs(there.estimate + back.estimate) < 1e-12);
});

Deno.test("hedgesG() returns a reason if it cannot be computed", () => {
  const few = { unavailable: "a condition has fewer than two discussions" };
  assert.deepEqual(hedgesG([], []), few);
  assert.deepEqual(hedgesG([1], [1, 2, 3]), few);
  const constant = { unavailable: "the values do not vary within conditions" };
  assert.deepEqual(hedgesG([2, 2], [3, 3]), constant);
  assert.deepEqual(hedgesG([0.1, 0.1, 0.1], [0.1, 0.1, 0.1]), constant);
  assert.deepEqual(hedgesG([0, 0], [0, 0]), constant);
  assert.deepEqual(hedgesG([1, 2], [NaN, 3]), {
    unavailable: "value 3 of 4 is NaN, which is not finite or is too large",
  });
  assert.throws(() => hedgesG([1, 2], [3, 4], 2), RangeError);
});

// The expected delta is 2 U / nm − 1, with U from SciPy 1.17.1 (mannwhitneyu).
// ../testing/two_conditions_reference.py computes the other expected values from the matrix of all comparisons,
// with numpy 2.4.6.

function found(values: readonly number[], reference: readonly number[], level?: number): EffectSize {
  const result = cliffsDelta(values, reference, level);
  assert(!isUnavailable(result), JSON.stringify(result));
  return result;
}

function assertEffect({ estimate, standardError, interval }: EffectSize, expected: readonly number[]): void {
  for (const [index, value] of [estimate, standardError, interval.lower, interval.upper].entries()) {
    assert.ok(Math.abs(value - expected[index]!) < 1e-8, `${value}, not ${expected[index]}`);
  }
}

Deno.test("cliffsDelta() gives the delta, standard error and interval of the definition, even with ties", () => {
  assertEffect(found(SECOND, FIRST), [0.49, 0.22133433734712038, -0.00762939, 0.79310645]);
  assertEffect(found(SECOND.slice(0, 4), FIRST, 0.9), [0.275, 0.29763730102754754, -0.22154848, 0.6583035]);
});

Deno.test("cliffsDelta() gives the interval of R's effsize at a level at which z equals effsize's t", () => {
  const treatment = [10, 10, 20, 20, 20, 30, 30, 30, 40, 50];
  // The tests of cliffs-delta 1.0.0 (PyPI) quote this output of effsize. Its t, with 14 degrees of freedom, is
  // 2.1447867.
  const { estimate, interval } = found(treatment, [10, 20, 30, 40, 40, 50], 0.9680300939546433);
  assert.equal(estimate, -0.25);
  assert.ok(Math.abs(interval.lower - -0.7265846) < 1e-7, `${interval.lower}`);
  assert.ok(Math.abs(interval.upper - 0.3890062) < 1e-7, `${interval.upper}`);
});

Deno.test("cliffsDelta() depends only on the order of the values", () => {
  const cubed = (values: readonly number[]) => values.map((value) => value ** 3);
  assert.deepEqual(found(cubed(SECOND), cubed(FIRST)), found(SECOND, FIRST));
});

Deno.test("cliffsDelta() gives an interval even if all values are above the reference, or all below", () => {
  // By hand: (4 − 1.959964²) / (4 + 1.959964²).
  const lower = 0.0202183;
  const above = found([5, 6, 7, 8], [1, 2, 3, 4]);
  assert.equal(above.estimate, 1);
  assert.equal(above.interval.upper, 1);
  assert.ok(Math.abs(above.interval.lower - lower) < 1e-6, `${above.interval.lower}`);
  const below = found([1, 2, 3, 4], [5, 6, 7, 8]);
  assert.deepEqual([below.estimate, below.interval.lower], [-1, -1]);
  assert.equal(below.interval.upper, -above.interval.lower);
});

Deno.test("cliffsDelta() returns a reason if it cannot be computed", () => {
  const few = { unavailable: "a condition has fewer than two discussions" };
  assert.deepEqual(cliffsDelta([], []), few);
  assert.deepEqual(cliffsDelta([1, 2], [3]), few);
  assert.deepEqual(cliffsDelta([3, 3], [3, 3]), { unavailable: "all values are equal" });
  assert.deepEqual(cliffsDelta([0.1 + 0.2, 0.3], [0.3, 0.3]), { unavailable: "all values are equal" });
  assert.deepEqual(cliffsDelta([1, -Infinity], [2, 3]), {
    unavailable: "value 2 of 4 is -Infinity, which is not finite or is too large",
  });
  assert.throws(() => cliffsDelta([1, 2], [3, 4], NaN), RangeError);
});

Deno.test("cliffsDelta() treats values as equal if they differ only by rounding", () => {
  // Both are sums of the same three numbers, but in a different order, so they differ by rounding.
  const [one, other] = [0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1];
  assert.notEqual(one, other);
  assert.equal(found([one, 1], [other, 1]).estimate, 0);
});
