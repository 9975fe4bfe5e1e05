/**
 * Orthonormal columns, and systems with small, symmetric, positive definite matrices. A fit solves thousands of
 * these.
 */
import { Matrix } from "npm:ml-matrix@6.15.1";

/** A column counts as dependent if at most this share of its length is orthogonal to the columns before it. */
const SINGULAR = 1e-10;

/**
 * If the orthogonal length is smaller than this, the column also counts as dependent: coefficients would
 * overflow.
 */
const LENGTH_MIN = 1e-50;

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
  const x = solveLower(l, b);
  for (let i = p - 1; i >= 0; i--) {
    for (let k = i + 1; k < p; k++) x[i]! -= l[k * p + i]! * x[k]!;
    x[i]! /= l[i * p + i]!;
  }
  return x;
}

/** Solves Lx = b, with the L of {@linkcode factor}. */
export function solveLower(l: Float64Array, b: Float64Array): Float64Array {
  const p = b.length;
  const x = b.slice();
  for (let i = 0; i < p; i++) {
    for (let k = 0; k < i; k++) x[i]! -= l[i * p + k]! * x[k]!;
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

/** The sum of vectors of equal length, each times its weight. */
export function combined(vectors: readonly Float64Array[], weights: ArrayLike<number>): Float64Array {
  const sum = new Float64Array(vectors[0]?.length ?? 0);
  for (const [j, vector] of vectors.entries()) {
    if (weights[j] === 0) continue;
    for (let i = 0; i < sum.length; i++) sum[i]! += weights[j]! * vector[i]!;
  }
  return sum;
}

/**
 * Makes columns orthonormal by Gram and Schmidt's method. It is applied twice to each column, which makes it as
 * precise as Householder's method (Giraud, Langou and Rozložník 2005).
 *
 * @param lengths The lengths with which the orthogonal part of each column is compared. Default: the columns'
 *   own lengths.
 * @returns Q and R with X = QR, or the index of the first column that depends on the columns before it.
 */
export function orthonormalise(
  columns: readonly Float64Array[],
  lengths: readonly number[] = columns.map(lengthOf),
): Readonly<{ q: Float64Array[]; r: Matrix }> | number {
  const q: Float64Array[] = [];
  const r = Matrix.zeros(columns.length, columns.length);
  for (const [j, original] of columns.entries()) {
    const column = original.slice();
    for (let pass = 0; pass < 2; pass++) {
      for (const [k, unit] of q.entries()) {
        const share = dot(unit, column);
        r.set(k, j, r.get(k, j) + share);
        for (let row = 0; row < column.length; row++) column[row]! -= share * unit[row]!;
      }
    }
    const length = lengthOf(column);
    if (!(length > Math.max(SINGULAR * lengths[j]!, LENGTH_MIN))) return j;
    r.set(j, j, length);
    for (let row = 0; row < column.length; row++) column[row]! /= length;
    q.push(column);
  }
  return { q, r };
}

/** The Euclidean length of a vector. */
export function lengthOf(vector: ArrayLike<number>): number {
  return Math.sqrt(dot(vector, vector));
}

/** The rows of R⁻¹. R must be upper triangular. */
export function inverseRows(r: Matrix): Float64Array[] {
  const p = r.rows;
  const rows = Array.from({ length: p }, () => new Float64Array(p));
  for (let k = 0; k < p; k++) {
    for (let i = k; i >= 0; i--) {
      let rest = i === k ? 1 : 0;
      for (let j = i + 1; j <= k; j++) rest -= r.get(i, j) * rows[j]![k]!;
      rows[i]![k] = rest / r.get(i, i);
    }
  }
  return rows;
}

/** A column minus its mean in each block. */
export function withoutMeans(
  column: Float64Array,
  { indices, count }: Readonly<{ indices: Int32Array; count: number }>,
): Float64Array {
  const [sums, counts] = [new Float64Array(count), new Int32Array(count)];
  for (const [row, value] of column.entries()) {
    sums[indices[row]!]! += value;
    counts[indices[row]!]!++;
  }
  return column.map((value, row) => value - sums[indices[row]!]! / counts[indices[row]!]!);
}
