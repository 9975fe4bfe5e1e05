import assert from "node:assert/strict";
import { pooled } from "./pooling.ts";

const HIDDEN = {
  // Two texts of three columns, two elements each.
  data: Float32Array.of(1, 2, 2, 2, 9, 9, 7, 7, 0, 5, 0, -1),
  dims: [2, 3, 2],
};
const MASKS = [[1, 1, 0], [0, 1, 1]];

Deno.test("pooled() takes the mean of the tokens without padding, and gives it length 1", () => {
  // By hand: the means are (1.5, 2) with length 2.5, and (0, 2).
  assert.deepEqual(pooled(HIDDEN, MASKS, "mean"), [Float32Array.of(0.6, 0.8), Float32Array.of(0, 1)]);
});

Deno.test("pooled() with cls takes the first token that is no padding", () => {
  const root = Math.sqrt(5);
  assert.deepEqual(pooled(HIDDEN, MASKS, "cls"), [
    Float32Array.of(1 / root, 2 / root),
    Float32Array.of(0, 1),
  ]);
});
