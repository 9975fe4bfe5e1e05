import assert from "node:assert/strict";
import { classifierTest } from "./two_sample_classifier.ts";
import { isUnavailable } from "./unavailable.ts";

const rows = (from: number, to: number, shift: number) =>
  Array.from({ length: to - from }, (_, at) => {
    const i = from + at;
    return [i * 7 % 11 + 5 * shift, i * 5 % 13, (i * 3 % 7) ** 2 - 9 * shift];
  });

Deno.test("classifierTest() gives scikit-learn's accuracy and weights, even if one corpus is larger", () => {
  const found = classifierTest(rows(0, 25, 1), rows(25, 40, 0), { seed: "42", permutations: 499 });
  assert.ok(!isUnavailable(found));
  // ../testing/classifier_reference.py
  assert.ok(Math.abs(found.accuracy - 0.6799999999999999) < 1e-12, `${found.accuracy}`);
  for (const [j, weight] of [0.87998672, -0.09087597, -0.46622412].entries()) {
    assert.ok(Math.abs(found.weights[j]! - weight) < 1e-7, `${found.weights}`);
  }
  // The expected p is scikit-learn's, from 2,000 permutations. Both p vary by chance.
  assert.ok(Math.abs(found.p - 0.0405) < 0.03, `${found.p}`);
  assert.ok(found.interval.lower < 0.68 && found.interval.upper > 0.68);
});

Deno.test("classifierTest() gives the reason for data that it cannot use, and refuses wrong levels", () => {
  const few = classifierTest(rows(0, 9, 1), rows(9, 40, 0), { seed: "42" });
  assert.deepEqual(few, { unavailable: "a corpus has fewer than 10 discussions with all features" });
  const same = Array.from({ length: 10 }, () => [1e9 / 3, 0]);
  assert.deepEqual(classifierTest(same, same, { seed: "42" }), { unavailable: "no feature varies" });
  const wrong = classifierTest(rows(0, 20, 1), rows(20, 40, Infinity), { seed: "42" });
  assert.ok(isUnavailable(wrong) && /not finite/.test(wrong.unavailable));
  assert.throws(() => classifierTest(rows(0, 20, 1), rows(20, 40, 0), { seed: "42", level: 95 }), RangeError);
});
