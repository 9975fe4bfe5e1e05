import assert from "node:assert/strict";
import fc from "fast-check";
import { polarisation } from "../mod.ts";

// The expected values come from dfu() of the Python package ndfu 0.9.3, which has the authors' code. Some are
// by hand.

Deno.test("polarisation() is 0 if the counts fall on both sides of one peak", () => {
  for (const histogram of [[1, 3, 7, 3, 1], [9, 4, 1], [0, 0, 4], [2, 2, 2, 2], [0, 3, 3, 1]]) {
    assert.equal(polarisation(histogram), 0, `${histogram}`);
  }
});

Deno.test("polarisation() is the largest rise on the way from the peak to an end, as a share of the peak", () => {
  assert.equal(polarisation([5, 0, 0, 0, 5]), 1);
  assert.equal(polarisation([10, 2, 1, 4, 5]), 0.3);
  assert.equal(polarisation([6, 1, 3, 8, 2, 3]), 5 / 8);
  assert.equal(polarisation([0, 0, 10, 0, 5, 9]), 0.5);
});

Deno.test("polarisation() gives the same values as ndfu, and starts at the first of several highest bins", () => {
  const cases: readonly (readonly [number[], number])[] = [
    [[2, 0, 1], 0.5],
    [[1, 0, 1, 0, 1], 1],
    [[3, 1, 2, 3, 0], 1 / 3],
    [[0, 1, 0, 2, 2], 0.5],
    [[4, 4, 0, 3, 0, 0, 1], 0.75],
  ];
  for (const [histogram, expected] of cases) assert.equal(polarisation(histogram), expected, `${histogram}`);
});

Deno.test("polarisation() depends only on shares, and lies between 0 and 1", () => {
  const histograms = fc.array(fc.nat(50), { minLength: 2, maxLength: 8 }).filter((counts) =>
    counts.some(Boolean)
  );
  fc.assert(fc.property(histograms, fc.integer({ min: 2, max: 9 }), (counts, factor) => {
    const found = Number(polarisation(counts));
    assert.ok(found >= 0 && found <= 1);
    assert.equal(polarisation(counts.map((count) => count * factor)), found);
  }));
});

Deno.test("polarisation() returns a reason if it cannot be computed", () => {
  assert.deepEqual(polarisation([]), { unavailable: "there are no opinions" });
  assert.deepEqual(polarisation([0, 0]), { unavailable: "there are no opinions" });
  assert.deepEqual(polarisation([3]), {
    unavailable: "the scale has only one step",
  });
  assert.throws(() => polarisation([1, -1]), RangeError);
  assert.throws(() => polarisation([1, NaN]), RangeError);
});
