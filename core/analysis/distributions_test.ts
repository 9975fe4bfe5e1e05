import assert from "node:assert/strict";
import { openDraw } from "../random/mod.ts";
import { criticalValue, drawNormal, shareInterval, twoSidedP } from "./distributions.ts";
import { mean, sampleVariance } from "./moments.ts";

function assertNear(found: number, expected: number, relative: number): void {
  assert.ok(Math.abs(found - expected) <= relative * Math.abs(expected), `${found}, not ${expected}`);
}

Deno.test("twoSidedP() and criticalValue() give SciPy's values, far into the tails", () => {
  // SciPy 1.17.1: 2 * norm.sf, 2 * t.sf, norm.ppf, t.ppf.
  assertNear(twoSidedP(-1.96, null), 0.04999579029644087, 1e-12);
  assertNear(twoSidedP(14, null), 1.55870736383856e-44, 1e-10);
  assertNear(twoSidedP(12, 5.5), 3.748050062923341e-05, 1e-10);
  assertNear(twoSidedP(-40, 30), 1.3726045194406417e-27, 1e-9);
  assert.equal(twoSidedP(0, 7), 1);
  assertNear(criticalValue(0.95, null), 1.959963984540054, 1e-12);
  assertNear(criticalValue(0.95, 9.3), 2.25108222468444, 1e-10);
});

Deno.test("shareInterval() gives SciPy's exact intervals, of none and of all too", () => {
  // SciPy 1.17.1: binomtest(k, n).proportion_ci(0.95, method="exact").
  for (
    const [successes, trials, lower, upper] of [
      [0, 20, 0.0, 0.16843347098308548],
      [3, 20, 0.03207093718554477, 0.37892682654529564],
      [812, 1000, 0.7863784598368688, 0.8357692765986813],
      [20, 20, 0.8315665290169145, 1.0],
    ] as const
  ) {
    const found = shareInterval(successes, trials, 0.95);
    assert.ok(Math.abs(found.lower - lower) < 1e-10 && Math.abs(found.upper - upper) < 1e-10, `${successes}`);
  }
});

Deno.test("drawNormal() draws with mean 0, variance 1 and the tails of the normal distribution", () => {
  const draw = openDraw("42", "normal");
  const values = Array.from({ length: 20_000 }, () => drawNormal(draw));
  // Four standard errors: 1 / √n of a mean, √(2 / n) of a variance, √(p (1 − p) / n) of a share.
  assert.ok(Math.abs(mean(values)) < 4 / Math.sqrt(20_000));
  assert.ok(Math.abs(sampleVariance(values) - 1) < 4 * Math.sqrt(2 / 20_000));
  const beyond = values.filter((value) => Math.abs(value) > 1.959964).length / 20_000;
  assert.ok(Math.abs(beyond - 0.05) < 4 * Math.sqrt(0.05 * 0.95 / 20_000), `${beyond}`);
});
