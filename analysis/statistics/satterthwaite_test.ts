import assert from "node:assert/strict";
import type { Coefficient } from "./coefficients.ts";
import { satterthwaiteF } from "./satterthwaite.ts";

/**
 * The degrees of freedom of a test of two independent coefficients with variances of 1, which have different
 * ones.
 */
function jointDf(one: number, other: number): number | null {
  const precision = {
    covariance: [[1, 0], [0, 1]],
    gradients: [[[1, 0], [0, 0]], [[0, 0], [0, 1]]],
    ofParameters: [[2 / one, 0], [0, 2 / other]],
    residual: 100,
  };
  return satterthwaiteF(precision, [{ estimate: 3 }, { estimate: 1 }] as Coefficient[], [0, 1]).df;
}

Deno.test("satterthwaiteF() joins degrees of freedom as lmerTest does, even if one of them is below 2", () => {
  // `get_Fstat_ddf` of lmerTest 3.1-3, computed by ../testing/mixed_model_reference.R.
  assert.ok(Math.abs(jointDf(4, 10)! - 5.2) < 1e-9);
  assert.equal(jointDf(4 / 3, 10), 2);
});
