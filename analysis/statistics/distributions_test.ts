import assert from "node:assert/strict";
import { openDraw } from "../../core/random/mod.ts";
import {
  criticalValue,
  drawNormal,
  mean,
  percentileInterval,
  quantile,
  sampleVariance,
  shareInterval,
  twoSidedP,
} from "./distributions.ts";

function assertNear(found: number, expected: number, relative: number): void {
  assert.ok(Math.abs(found - expected) <= relative * Math.abs(expected), `${found}, not ${expected}`);
}

Deno.test("twoSidedP() and criticalValue() give SciPy's values, even far in the tails", () => {
  // SciPy 1.17.1: 2 * norm.sf, 2 * t.sf, norm.ppf, t.ppf.
  assertNear(twoSidedP(-1.96, null), 0.04999579029644087, 1e-12);
  assertNear(twoSidedP(14, null), 1.55870736383856e-44, 1e-10);
  assertNear(twoSidedP(12, 5.5), 3.748050062923341e-05, 1e-10);
  assertNear(twoSidedP(-40, 30), 1.3726045194406417e-27, 1e-9);
  assert.equal(twoSidedP(0, 7), 1);
  assertNear(criticalValue(0.95, null), 1.959963984540054, 1e-12);
  assertNear(criticalValue(0.95, 9.3), 2.25108222468444, 1e-10);
  assertNear(criticalValue(0.95, 1), 12.706204736174694, 1e-10);
  assertNear(criticalValue(0.999, 1.4), 110.04910869703664, 1e-10);
  assertNear(criticalValue(0.9, 29990), 1.6449044377718973, 1e-10);
  assertNear(criticalValue(0.5, 3), 0.7648923284043444, 1e-10);
});

Deno.test("shareInterval() gives statsmodels' Wilson intervals, even if no trial or every trial succeeds", () => {
  // statsmodels 0.14.6: proportion_confint(k, n, method="wilson").
  for (
    const [successes, trials, lower, upper] of [
      [0, 20, 0.0, 0.1611251580528194],
      [3, 20, 0.052368745896216595, 0.36041886474075696],
      [812, 1000, 0.7866068125887822, 0.8350052901162315],
      [20, 20, 0.8388748419471804, 0.9999999999999999],
    ] as const
  ) {
    const found = shareInterval(successes, trials, 0.95);
    assert.ok(Math.abs(found.lower - lower) < 1e-10 && Math.abs(found.upper - upper) < 1e-10, `${successes}`);
  }
});

Deno.test("drawNormal() draws with mean 0, variance 1 and the tails of the normal distribution", () => {
  const draw = openDraw("42", "normal");
  const values = Array.from({ length: 20_000 }, () => drawNormal(draw));
  // The limits are four standard errors: 1 / √n of a mean, √(2 / n) of a variance, √(p (1 − p) / n) of a share.
  assert.ok(Math.abs(mean(values)) < 4 / Math.sqrt(20_000));
  assert.ok(Math.abs(sampleVariance(values) - 1) < 4 * Math.sqrt(2 / 20_000));
  const beyond = values.filter((value) => Math.abs(value) > 1.959964).length / 20_000;
  assert.ok(Math.abs(beyond - 0.05) < 4 * Math.sqrt(0.05 * 0.95 / 20_000), `${beyond}`);
});

Deno.test("quantile() gives type 6 of Hyndman and Fan", () => {
  // numpy 2.4.6: np.quantile([1, 2, 4, 8, 16], [0.1, 0.25, 0.5, 0.6, 0.9], method="weibull").
  const found = [0.1, 0.25, 0.5, 0.6, 0.9].map((p) => quantile([1, 2, 4, 8, 16], p));
  for (const [index, expected] of [1, 1.5, 4, 6.4, 16].entries()) {
    assert.ok(Math.abs(found[index]! - expected) < 1e-12, `${found[index]}, not ${expected}`);
  }
});

Deno.test("quantile() stays between the smallest and the largest value, and refuses an empty list", () => {
  assert.deepEqual([0, 0.5, 1].map((p) => quantile([3], p)), [3, 3, 3]);
  assert.deepEqual([0, 1].map((p) => quantile([3, 5], p)), [3, 5]);
  assert.throws(() => quantile([], 0.5), RangeError);
});

Deno.test("percentileInterval() goes from the 5th to the 195th of 199 sorted replicates", () => {
  const replicates = Array.from({ length: 199 }, (_, i) => (i * 100) % 199);
  // By hand: the 5th and the 195th of 0 to 198.
  assert.deepEqual(percentileInterval(replicates, 0.025, 0.95), { level: 0.95, lower: 4, upper: 194 });
});
