import assert from "node:assert/strict";
import { densityOn, jensenShannon, smoothing } from "./jensen_shannon.ts";
import { isUnavailable } from "./unavailable.ts";

// Expected values come from SciPy 1.17.1: scipy.stats.gaussian_kde with its defaults, evaluated on numpy.linspace from
// three bandwidths below the smallest value to three above the largest, and the square of
// scipy.spatial.distance.jensenshannon(p, q, base=2).

const near = (actual: unknown, expected: number) =>
  assert.ok(typeof actual === "number" && Math.abs(actual - expected) < 1e-12, `${actual}, not ${expected}`);

Deno.test("densityOn() gives the same density as gaussian_kde", () => {
  const smoothed = smoothing([7, 1, 4, 2]);
  assert.ok(!isUnavailable(smoothed));
  near(smoothed.bandwidth, 2.0051045465236026);
  const density = densityOn(smoothed, Float64Array.of(0, 3, 10));
  for (const [at, height] of [0.08108293717362489, 0.12489472894581576, 0.01682596762267563].entries()) {
    near(density[at], height);
  }
});

Deno.test("jensenShannon() gives the square of SciPy's distance", () => {
  const one = [12, 15, 9, 22, 31, 17, 14, 8, 19, 25];
  const other = [40, 35, 52, 28, 33, 47, 61, 38];
  near(jensenShannon(one, other), 0.6117754145277482);
  near(jensenShannon(other, one), 0.6117754145277482);
  near(
    jensenShannon(
      Array.from({ length: 60 }, (_, i) => 0.1 * (i % 13) + 0.01 * i),
      Array.from({ length: 45 }, (_, i) => 0.2 * (i % 7) + 0.02 * i),
    ),
    0.031430035993281105,
  );
});

Deno.test("jensenShannon() is 1 for samples with nothing in common, and returns a reason if it cannot be computed", () => {
  near(jensenShannon([0, 1], [1000, 1001]), 1);
  const reasons: [number[], number[], string][] = [
    [[], [1, 2], "first sample: a density needs at least two values"],
    [[1, 2], [3], "second sample: a density needs at least two values"],
    [[0.1, 0.1, 0.1], [1, 2], "first sample: all values are equal, and a density needs some spread"],
    [[1, 2], [1, NaN], "second sample: a value is not a finite number"],
    [[5, 5 + 1e-6], [0, 10], "one sample is too narrow for a grid that covers both"],
  ];
  for (const [one, other, unavailable] of reasons) {
    assert.deepEqual(jensenShannon(one, other), { unavailable });
  }
});
