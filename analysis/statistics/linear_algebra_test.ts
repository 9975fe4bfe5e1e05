import assert from "node:assert/strict";
import fc from "fast-check";
import { determinant, Matrix, solve as solveByMatrix } from "npm:ml-matrix@6.15.1";
import { factor, solve } from "./linear_algebra.ts";

Deno.test("factor() and solve() agree with ml-matrix", () => {
  const entries = fc.integer({ min: 1, max: 6 }).chain((p) =>
    fc.tuple(
      fc.array(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: p, maxLength: p }), {
        minLength: p,
        maxLength: p,
      }),
      fc.array(fc.integer({ min: -9, max: 9 }), { minLength: p, maxLength: p }),
    )
  );
  fc.assert(fc.property(entries, ([rows, b]) => {
    const any = new Matrix(rows);
    const a = Matrix.add(any.mmul(any.transpose()), Matrix.eye(b.length));
    const l = Float64Array.from(a.to1DArray());
    const logDeterminant = factor(l, b.length);
    assert.ok(Math.abs(logDeterminant - Math.log(determinant(a))) < 1e-8);
    const expected = solveByMatrix(a, Matrix.columnVector(b)).getColumn(0);
    for (const [index, x] of solve(l, Float64Array.from(b)).entries()) {
      assert.ok(Math.abs(x - expected[index]!) < 1e-7 * (1 + Math.abs(expected[index]!)));
    }
  }));
});

Deno.test("factor() gives NaN for a matrix that is not positive definite", () => {
  assert.equal(factor(Float64Array.from([1, 2, 2, 1]), 2), NaN);
});
