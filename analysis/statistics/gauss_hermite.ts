/** Integrals over the normal distribution. */
import { EigenvalueDecomposition, Matrix } from "npm:ml-matrix@6.15.1";

/** The nodes and weights of Gauss and Hermite's quadrature for the standard normal density. The weights sum to 1. */
export type Quadrature = Readonly<{ nodes: readonly number[]; weights: readonly number[] }>;

/**
 * The quadrature with n nodes, computed from the eigenvalues of its Jacobi matrix (Golub and Welsch 1969).
 *
 * @example
 * ```ts
 * import { gaussHermite } from "./gauss_hermite.ts";
 * import assert from "node:assert/strict";
 *
 * const { nodes, weights } = gaussHermite(5);
 * const fourthMoment = nodes.reduce((sum, node, k) => sum + weights[k]! * node ** 4, 0);
 * assert.equal(fourthMoment.toFixed(9), "3.000000000");
 * ```
 */
export function gaussHermite(n: number): Quadrature {
  const jacobi = Matrix.zeros(n, n);
  for (let k = 1; k < n; k++) {
    jacobi.set(k, k - 1, Math.sqrt(k));
    jacobi.set(k - 1, k, Math.sqrt(k));
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(jacobi, {
    assumeSymmetric: true,
  });
  return { nodes: realEigenvalues, weights: eigenvectorMatrix.getRow(0).map((value) => value ** 2) };
}
