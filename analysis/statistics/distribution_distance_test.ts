import assert from "node:assert/strict";
import { around, distributionDistance } from "./distribution_distance.ts";
import { isUnavailable } from "./unavailable.ts";

function measured(one: readonly number[], other: readonly number[]) {
  const found = distributionDistance(one, other, { seed: "1" });
  assert.ok(!isUnavailable(found));
  return found;
}

Deno.test("distributionDistance() gives the Wasserstein distances of SciPy's documentation", () => {
  assert.ok(Math.abs(measured([0, 1, 3], [5, 6, 8]).distance - 5) < 1e-12);
  assert.ok(Math.abs(measured([0, 0, 0, 1], [0, 0, 1, 1]).distance - 0.25) < 1e-12);
});

Deno.test("distributionDistance() sees distributions of equal means, in either order", () => {
  // Values move from the middle to both ends: each by 1.
  const [narrow, wide] = [[2, 2, 2, 2], [1, 1, 3, 3]];
  assert.equal(measured(narrow, wide).distance, 1);
  assert.equal(measured(wide, narrow).distance, 1);
});

Deno.test("distributionDistance() compares with chance, and its interval contains the distance", () => {
  const low = Array.from({ length: 20 }, (_, at) => at % 5);
  const far = measured(low, low.map((value) => value + 10));
  assert.equal(far.distance, 10);
  assert.ok(far.chance < 10);
  const same = measured(low, low);
  assert.equal(same.distance, 0);
  assert.ok(same.chance > 0);
  for (const { distance, interval } of [far, same]) {
    assert.ok(!isUnavailable(interval) && interval.lower <= distance && distance <= interval.upper);
    assert.ok(interval.lower >= 0);
  }
});

Deno.test("the interval reaches as far down as up, or down to 0 if chance gives a distance as large", () => {
  const interval = { level: 0.95, lower: 1, upper: 2.5 };
  assert.deepEqual(around({ distance: 2, chance: 2 }, interval), { level: 0.95, lower: 0, upper: 2.5 });
  assert.deepEqual(around({ distance: 2, chance: 1.9 }, interval), { level: 0.95, lower: 1.5, upper: 2.5 });
  assert.deepEqual(around({ distance: 3, chance: 1 }, interval), { level: 0.95, lower: 3, upper: 3 });
});

Deno.test("distributionDistance() says why it has no distance", () => {
  for (const [one, other] of [[[], [1]], [[1], []], [[1], [Infinity]]] as const) {
    assert.ok(isUnavailable(distributionDistance(one, other, { seed: "1" })));
  }
  const single = distributionDistance([1], [2], { seed: "1" });
  assert.ok(!isUnavailable(single) && single.distance === 1 && isUnavailable(single.interval));
});
