import assert from "node:assert/strict";
import { directionOf, vectorsProblem } from "./embedding.ts";

Deno.test("vectorsProblem() accepts valid vectors, and says what is wrong with invalid ones", () => {
  const [one, other] = [Float32Array.of(3, 4), Float32Array.of(0, -2)];
  assert.equal(vectorsProblem([one, other], 2), null);
  assert.equal(vectorsProblem([], 0), null);
  assert.equal(vectorsProblem(undefined, 1), "it has no list of vectors");
  assert.equal(vectorsProblem([one], 2), "the number of vectors is 1, and the number of texts is 2");
  assert.equal(vectorsProblem([[3, 4]], 1), "vector 1 is no list of numbers");
  assert.equal(
    vectorsProblem([one, Float32Array.of(1)], 2),
    "the number of elements is 2 in vector 1, but 1 in vector 2",
  );
  for (const value of [NaN, Infinity]) {
    assert.match(
      vectorsProblem([Float32Array.of(1, value)], 1)!,
      /^vector 1 has an element that is no finite/,
    );
  }
  assert.match(vectorsProblem([Float32Array.of(0, 0)], 1)!, /only elements that are 0/);
  assert.match(vectorsProblem([new Float32Array(0)], 1)!, /has 0 elements/);
});

Deno.test("directionOf() gives a vector of length 1, even if the squares of elements overflow", () => {
  const shown = (vector: Float32Array) => [...directionOf(vector)].map((value) => value.toFixed(6));
  assert.deepEqual(shown(Float32Array.of(3, 4)), ["0.600000", "0.800000"]);
  assert.deepEqual(shown(Float32Array.of(3e38, 0)), ["1.000000", "0.000000"]);
  assert.deepEqual(shown(Float32Array.of(0, -1e-44)), ["0.000000", "-1.000000"]);
});
