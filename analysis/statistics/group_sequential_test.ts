import assert from "node:assert/strict";
import { lookBoundaries, nominalLevel, repeatedP, spentAlpha } from "./group_sequential.ts";

function assertNear(found: readonly number[], expected: readonly number[], tolerance: number): void {
  assert.equal(found.length, expected.length);
  for (const [index, value] of found.entries()) {
    assert.ok(Math.abs(value - expected[index]!) <= tolerance, `${index}: ${value}, not ${expected[index]}`);
  }
}

/** The information fractions of equally spaced looks. */
function equallySpaced(looks: number): readonly number[] {
  return Array.from({ length: looks }, (_, look) => (look + 1) / looks);
}

// Reboussin, DeMets, Kim and Lan (2000), Controlled Clinical Trials 21: two-sided, alpha 0.05.
const PUBLISHED: readonly (readonly number[])[] = [
  [2.963, 1.969],
  [3.710, 2.511, 1.993],
  [4.333, 2.963, 2.359, 2.014],
  [4.877, 3.357, 2.680, 2.290, 2.031],
];

for (const expected of PUBLISHED) {
  Deno.test(`lookBoundaries() gives the published boundaries of ${expected.length} equally spaced looks`, () => {
    assertNear(lookBoundaries(equallySpaced(expected.length), 0.05), expected, 0.0006);
  });
}

Deno.test("lookBoundaries() gives the boundaries of R's gsDesign for one side at half the error rate", () => {
  // From gsDesign 3 with sfLDOF, as printed in the article on the validation of R's graphicalMCP.
  assertNear(lookBoundaries([1 / 3, 2 / 3, 1], 0.05), [3.710303, 2.511427, 1.993048], 1e-5);
});

// SciPy 1.17.1: ../testing/group_sequential_reference.py.
const UNEQUAL = [
  { fractions: [0.3, 1], alpha: 0.05, expected: [3.92857, 1.96022] },
  { fractions: [0.2, 0.6, 1], alpha: 0.05, expected: [4.87688, 2.66865, 1.98097] },
  { fractions: [0.22, 0.55, 0.88], alpha: 0.05, expected: [4.63736, 2.80602, 2.14242] },
  { fractions: [0.15, 0.45, 0.8, 1], alpha: 0.01, expected: [7.15322, 4.02422, 2.9311, 2.61377] },
  { fractions: [0.7, 0.75, 1], alpha: 0.1, expected: [2.07164, 2.0835, 1.72145] },
];

for (const { fractions, alpha, expected } of UNEQUAL) {
  Deno.test(`lookBoundaries() gives SciPy's boundaries of looks at ${fractions.join(", ")}`, () => {
    assertNear(lookBoundaries(fractions, alpha), expected, 2e-5);
  });
}

Deno.test("repeatedP() gives twice the one-sided values of R's graphicalMCP", () => {
  // The article on validation of graphicalMCP prints 0.110482, 0.010094, 0.257809, 0.058193 and 0.010554.
  const found = [
    repeatedP(2 * 0.024, [0.5]),
    repeatedP(2 * 0.01, [0.5, 1]),
    repeatedP(2 * 0.05, [1 / 3]),
    repeatedP(2 * 0.02, [1 / 3, 2 / 3]),
    repeatedP(2 * 0.01, [1 / 3, 2 / 3, 1]),
  ];
  assertNear(found, [0.220964, 0.020188, 0.515618, 0.116386, 0.021108], 3e-6);
});

Deno.test("repeatedP() gives SciPy's values for looks at unequal distances", () => {
  const found = [repeatedP(0.03, [0.3, 1]), repeatedP(0.004, [0.2, 0.6]), repeatedP(0.04, [0.2, 0.6, 1])];
  assertNear(found, [0.0300065, 0.0333606, 0.041826], 3e-7);
});

Deno.test("a single look at the whole sample changes neither the level nor p", () => {
  assertNear([nominalLevel([1], 0.05), repeatedP(0.03, [1])], [0.05, 0.03], 1e-7);
});

Deno.test("repeatedP() is 1 if the look could not find the effect at any error rate", () => {
  assert.deepEqual([repeatedP(0.9, [0.5]), repeatedP(0, [0.5]), repeatedP(1, [0.5, 1])], [1, 0, 1]);
});

Deno.test("lookBoundaries() gives an infinite boundary for a look with too little of the sample", () => {
  assert.equal(spentAlpha(1e-4, 0.05), 0);
  assertNear(lookBoundaries([1e-4, 1], 0.05).slice(1), [1.959964], 1e-5);
  assert.equal(lookBoundaries([1e-4, 1], 0.05)[0], Infinity);
});

Deno.test("wrong information fractions, error rates and p values are refused", () => {
  for (const wrong of [[], [0], [0.5, 0.5], [0.5, 1.1], [NaN]]) {
    assert.throws(() => lookBoundaries(wrong, 0.05), {
      name: "RangeError",
      message: /^Cannot place looks at/,
    });
  }
  assert.throws(() => lookBoundaries([1], 0), { name: "RangeError", message: /^Cannot spend/ });
  assert.throws(() => repeatedP(1.5, [1]), { name: "RangeError", message: /^Cannot adjust/ });
});
