import assert from "node:assert/strict";
import { percentileInterval, quantile } from "./interval.ts";

Deno.test("quantile() gives type 6 of Hyndman and Fan", () => {
  // numpy 2.4.6: np.quantile([1, 2, 4, 8, 16], [0.1, 0.25, 0.5, 0.6, 0.9], method="weibull").
  const found = [0.1, 0.25, 0.5, 0.6, 0.9].map((p) => quantile([1, 2, 4, 8, 16], p));
  for (const [index, expected] of [1, 1.5, 4, 6.4, 16].entries()) {
    assert.ok(Math.abs(found[index]! - expected) < 1e-12, `${found[index]}, not ${expected}`);
  }
});

Deno.test("quantile() goes no further out than the values, and needs one", () => {
  assert.deepEqual([0, 0.5, 1].map((p) => quantile([3], p)), [3, 3, 3]);
  assert.deepEqual([0, 1].map((p) => quantile([3, 5], p)), [3, 5]);
  assert.throws(() => quantile([], 0.5), RangeError);
});

Deno.test("percentileInterval() goes from the 5th to the 195th of 199 replicates", () => {
  const replicates = Array.from({ length: 199 }, (_, i) => (i * 100) % 199);
  // By hand: the 5th and the 195th of 0 to 198.
  assert.deepEqual(percentileInterval(replicates, 0.025, 0.95), { level: 0.95, lower: 4, upper: 194 });
});
