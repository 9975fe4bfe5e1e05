/** Products of vectors, and small symmetric, positive definite matrices. Fits solve many thousands of them. */

/**
 * Factors a symmetric, positive definite matrix in place, A = LLᵀ.
 *
 * @param a The matrix, p × p row by row; its lower triangle becomes L.
 * @returns log det A; NaN when A is not positive definite.
 */
export function factor(a: Float64Array, p: number): number {
  let logDeterminant = 0;
  for (let i = 0; i < p; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = a[i * p + j]!;
      for (let k = 0; k < j; k++) rest -= a[i * p + k]! * a[j * p + k]!;
      if (i === j) {
        a[i * p + i] = Math.sqrt(rest);
        logDeterminant += Math.log(rest);
      } else a[i * p + j] = rest / a[j * p + j]!;
    }
  }
  return logDeterminant;
}

/** Solves Ax = b, with the L of {@linkcode factor}. */
export function solve(l: Float64Array, b: Float64Array): Float64Array {
  const p = b.length;
  const x = b.slice();
  for (let i = 0; i < p; i++) {
    for (let k = 0; k < i; k++) x[i]! -= l[i * p + k]! * x[k]!;
    x[i]! /= l[i * p + i]!;
  }
  for (let i = p - 1; i >= 0; i--) {
    for (let k = i + 1; k < p; k++) x[i]! -= l[k * p + i]! * x[k]!;
    x[i]! /= l[i * p + i]!;
  }
  return x;
}

/** The sum of the products of two vectors' entries. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
