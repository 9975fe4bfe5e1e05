import assert from "node:assert/strict";
import { hedgesG, isUnavailable } from "../mod.ts";
import { FIRST, SECOND } from "../testing/mod.ts";

// Expected values: metafor 3.8-1 (R 4.2.2), by testing/hedges_g_reference.R.

for (
  const [count, ...expected] of [
    [10, 0.796935239191, 0.464626349217, -0.113715671542, 1.707586149925],
    [4, 0.132150238904, 0.592134868977, -1.028412778282, 1.292713256090],
  ] as const
) {
  Deno.test(`hedgesG() gives metafor's g and interval of ${count} values against ten`, () => {
    const result = hedgesG(SECOND.slice(0, count), FIRST);
    assert(!isUnavailable(result));
    const { estimate, standardError, interval } = result;
    for (const [index, value] of [estimate, standardError, interval.lower, interval.upper].entries()) {
      assert.ok(Math.abs(value - expected[index]!) < 1e-9, `${value}, not ${expected[index]}`);
    }
  });
}

Deno.test("hedgesG() changes its sign with its arguments, and says nothing of units", () => {
  const there = hedgesG(SECOND, FIRST) as { estimate: number };
  const back = hedgesG(FIRST.map((x) => 60 * x + 7), SECOND.map((x) => 60 * x + 7)) as { estimate: number };
  assert.ok(Math.abs(there.estimate + back.estimate) < 1e-12);
});

Deno.test("hedgesG() says why there is none", () => {
  const few = { unavailable: "a condition has fewer than two discussions" };
  assert.deepEqual(hedgesG([], []), few);
  assert.deepEqual(hedgesG([1], [1, 2, 3]), few);
  const constant = { unavailable: "the values do not vary within conditions" };
  assert.deepEqual(hedgesG([2, 2], [3, 3]), constant);
  assert.deepEqual(hedgesG([0.1, 0.1, 0.1], [0.1, 0.1, 0.1]), constant);
  assert.deepEqual(hedgesG([0, 0], [0, 0]), constant);
  assert.deepEqual(hedgesG([1, 2], [NaN, 3]), {
    unavailable: "value 3 of 4 is NaN, which cannot be computed with",
  });
  assert.throws(() => hedgesG([1, 2], [3, 4], 2), RangeError);
});
