import assert from "node:assert/strict";
import fc from "fast-check";
import { quantileExamples } from "./quantile_examples.ts";

const valued = (values: readonly number[]) =>
  values.map((value, at) => ({ run: "pilot", discussion: `d${String(at).padStart(3, "0")}`, value }));

Deno.test("quantileExamples() takes the discussions at the minimum, the quartiles and the maximum", () => {
  const examples = quantileExamples(valued([8, 0, 7, 1, 6, 2, 5, 3, 4]));
  assert.deepEqual(examples.map(({ place, value }) => [place, value]), [
    ["minimum", 0],
    ["first quartile", 2],
    ["median", 4],
    ["third quartile", 6],
    ["maximum", 8],
  ]);
});

Deno.test("quantileExamples() takes each discussion once, so it takes all if there are fewer than five", () => {
  const places = (count: number) =>
    quantileExamples(valued(Array.from({ length: count }, () => 1))).map(({ place }) => place);
  assert.deepEqual(places(0), []);
  assert.deepEqual(places(1), ["minimum"]);
  assert.deepEqual(places(2), ["minimum", "maximum"]);
  assert.deepEqual(places(3), ["minimum", "median", "maximum"]);
  assert.deepEqual(places(4), ["minimum", "first quartile", "median", "maximum"]);
  assert.equal(places(5).length, 5);
});

Deno.test("quantileExamples() gives the same examples for any order of the discussions", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 30 }), (values) => {
    const discussions = valued(values);
    const examples = quantileExamples(discussions);
    assert.deepEqual(quantileExamples(discussions.toReversed()), examples);
    assert.equal(new Set(examples.map(({ discussion }) => discussion)).size, Math.min(5, values.length));
  }));
});
