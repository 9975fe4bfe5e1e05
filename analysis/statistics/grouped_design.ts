/**
 * The design of a random-intercept model, reduced to what its likelihood needs.
 *
 * The columns become orthonormal, X = QR, and are summed within groups. Groups of equal size enter the likelihood alike, so
 * their cross-products are summed once. The size of the result does not grow with the rows.
 */
import { inverse, Matrix, QrDecomposition } from "ml-matrix";
import { type Unavailable, unavailable } from "./unavailable.ts";

/** A column depends on the columns before it when at most this share of its length remains without them. */
const SINGULAR = 1e-10;

/** A column with a smaller remainder has coefficients too large to compute with. */
const LENGTH_MIN = 1e-50;

/** The groups of one size. */
export type SizeClass = Readonly<{
  /** Rows in each of the groups. */
  size: number;
  groups: readonly number[];
  /** Σ s sᵀ over the groups, where s is the group's sum of the rows of Q: p × p, row by row. */
  crossProducts: Float64Array;
}>;

/** A design without outcomes. */
export type GroupedDesign = Readonly<{
  names: readonly string[];
  rows: number;
  groups: number;
  /** The group of each row, as an index. */
  groupOf: Int32Array;
  /** The columns of Q, each as long as the rows. */
  orthonormal: readonly Float64Array[];
  /** The groups' sums of the rows of Q: groups × p. */
  groupSums: Matrix;
  sizes: readonly SizeClass[];
  /** The rows of R⁻¹: each coefficient of X as weights of the coefficients of Q. */
  contrasts: readonly Float64Array[];
  /** 2 log |det R| = log det XᵀX. */
  logDeterminant: number;
}>;

/** Reduces a design. */
export function groupedDesign(
  names: readonly string[],
  columns: readonly Float64Array[],
  group: readonly string[],
): GroupedDesign | Unavailable {
  const [rows, p] = [group.length, columns.length];
  if (rows <= p) return unavailable(`${rows} rows are too few for ${p} coefficients`);
  const indices = new Map<string, number>();
  const groupOf = Int32Array.from(group, (name) => {
    if (!indices.has(name)) indices.set(name, indices.size);
    return indices.get(name)!;
  });
  const groups = indices.size;
  if (groups === 1) return unavailable("all rows are of one group: its variance cannot be told");
  if (groups === rows) {
    return unavailable("every group has one row: its variance cannot be told from the residual's");
  }

  const x = new Matrix(rows, p);
  for (const [j, column] of columns.entries()) {
    for (let row = 0; row < rows; row++) x.set(row, j, column[row]!);
  }
  const decomposition = new QrDecomposition(x);
  const r = decomposition.upperTriangularMatrix;
  const dependent = columns.findIndex((column, j) =>
    !(Math.abs(r.get(j, j)) > Math.max(SINGULAR * Math.sqrt(squareOf(column)), LENGTH_MIN))
  );
  if (dependent !== -1) {
    return unavailable(
      `the design is singular: the columns before "${
        names[dependent]
      }" determine it (an empty cell, or a repeated predictor)`,
    );
  }

  const q = decomposition.orthogonalMatrix;
  const groupSums = Matrix.zeros(groups, p);
  const counts = new Int32Array(groups);
  for (const [row, index] of groupOf.entries()) {
    counts[index]!++;
    for (let j = 0; j < p; j++) groupSums.set(index, j, groupSums.get(index, j) + q.get(row, j));
  }
  // The diagonal of the groups' part of the residuals, Zᵀ(I − QQᵀ)Z, is zero when X contains all of Z.
  const left = counts.reduce((sum, count, index) => sum + count - squareOf(groupSums.getRow(index)), 0);
  if (left <= SINGULAR * rows) {
    return unavailable(
      `the predictors tell all ${groups} groups apart: none is left to judge the variance between groups by`,
    );
  }
  return {
    names,
    rows,
    groups,
    groupOf,
    orthonormal: columns.map((_, j) => Float64Array.from(q.getColumn(j))),
    groupSums,
    sizes: sizeClasses(counts, groupSums),
    contrasts: inverse(r).to2DArray().map((row) => Float64Array.from(row)),
    logDeterminant: 2 * r.diagonal().reduce((sum, entry) => sum + Math.log(Math.abs(entry)), 0),
  };
}

function squareOf(vector: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i]! ** 2;
  return sum;
}

function sizeClasses(counts: Int32Array, groupSums: Matrix): SizeClass[] {
  return [...new Set(counts)].map((size) => {
    const groups = [...counts.keys()].filter((index) => counts[index] === size);
    const sums = groupSums.selection(groups, [...Array(groupSums.columns).keys()]);
    return { size, groups, crossProducts: Float64Array.from(sums.transpose().mmul(sums).to1DArray()) };
  });
}
