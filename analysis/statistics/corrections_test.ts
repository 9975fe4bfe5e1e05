import assert from "node:assert/strict";
import { benjaminiHochberg, holm } from "../mod.ts";

// Expected values: statsmodels 0.14.6 (multipletests), computed by ../testing/two_conditions_reference.py.
const PS = [0.001, 0.2, 0.013, 0.04, 0.039, 0.5, 0.013, 0.9];

function assertNear(found: readonly number[], expected: readonly number[]): void {
  assert.equal(found.length, expected.length);
  for (const [index, value] of found.entries()) {
    assert.ok(Math.abs(value - expected[index]!) < 1e-12, `${index}: ${value}, not ${expected[index]}`);
  }
}

Deno.test("holm() gives the adjusted values of statsmodels, in the order of the tests", () => {
  assertNear(holm(PS), [0.008, 0.6, 0.091, 0.195, 0.195, 1, 0.091, 1]);
});

Deno.test("benjaminiHochberg() gives the adjusted values of statsmodels, in the order of the tests", () => {
  const expected = [
    0.008,
    0.26666666666666666,
    0.034666666666666665,
    0.064,
    0.064,
    0.5714285714285714,
    0.034666666666666665,
    0.9,
  ];
  assertNear(benjaminiHochberg(PS), expected);
});

for (const correct of [holm, benjaminiHochberg]) {
  Deno.test(`${correct.name}() leaves a single p value unchanged, and accepts an empty list`, () => {
    assert.deepEqual(correct([]), []);
    assert.deepEqual(correct([0.03]), [0.03]);
    assert.deepEqual(correct([0, 1]), [0, 1]);
  });

  Deno.test(`${correct.name}() refuses a number that is not a probability`, () => {
    for (const wrong of [-0.1, 1.1, NaN]) {
      assert.throws(() => correct([0.5, wrong]), {
        message: `Cannot correct "${wrong}": expected a probability from 0 to 1`,
      });
    }
  });
}
