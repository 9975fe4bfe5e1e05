import assert from "node:assert/strict";
import { discriminant } from "./linear_discriminant.ts";

const ROWS = [
  [2.0, -2.6, 0.4, -0.6, -0.5, -0.2, -2.0, -0.2, -0.9],
  [3.3, 0.2, -0.4, -0.3, -0.7, -1.1, -0.4, 0.5, -0.2],
  [1.0, -0.2, 0.0, 1.5, 0.5, -0.5, -0.2, 0.5, 1.9],
  [-0.3, -0.2, 1.0, -0.9, -0.3, 0.9, 0.6, 0.1, 0.7],
  [-2.8, 1.0, -1.0, -1.7, 0.3, 0.7, -0.4, -1.1, 0.0],
  [-0.1, 1.4, 0.7, 0.2, 1.1, -0.2, -0.9, 0.6, 0.6],
].map((row) => Float64Array.from(row));

// The expected weights were computed with NumPy from the formula (X′X + pI)⁻¹ d, for 9 features.
Deno.test("discriminant() gives the weights of the formula even if there are more features than rows", () => {
  const { weights, scoreOf } = discriminant(ROWS, [0, 1, 2, 3, 4, 5]).rule([
    true,
    true,
    false,
    true,
    false,
    false,
  ]);
  const expected = [
    0.0503494885,
    -0.0451611924,
    0.0396339154,
    -0.0340599509,
    -0.0862734728,
    0.0018372688,
    0.0176227036,
    0.0161989407,
    -0.0435063196,
  ];
  for (const [j, weight] of expected.entries()) {
    assert.ok(Math.abs(weights[j]! - weight) < 1e-9, `${weights}`);
  }
  const scores = [0.25541444, 0.17851145, -0.16969111, 0.11820747, -0.18325698, -0.19918527];
  for (const [i, score] of scores.entries()) assert.ok(Math.abs(scoreOf(ROWS[i]!) - score) < 1e-7);
});
