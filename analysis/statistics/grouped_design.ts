/**
 * The design of a linear mixed model whose rows are nested in groups, and groups in blocks, reduced to sums.
 *
 * The columns of the design are made orthonormal, X = QR, and summed within groups. ZᵀZ has the cross-products
 * of a group's random effects. All groups with the same ZᵀZ form a class: they enter the likelihood in the same
 * way, so their sums can be added in advance. The time for one likelihood then grows with the numbers of
 * classes and of different blocks, not with the number of rows.
 */
import { type BlockSums, blockSums } from "./block_sums.ts";
import { mean } from "./distributions.ts";
import { blockOfEach, type Indexed, indexed } from "./indexed.ts";
import { inverseRows, orthonormalise } from "./linear_algebra.ts";
import { isUnavailable, type Unavailable, unavailable } from "./unavailable.ts";

/** A trace below this share of the number of rows is only rounding. */
const SINGULAR = 1e-10;

/** The groups, blocks and slopes that have random effects. */
export type RandomEffects = Readonly<{
  /** The group of each row. Each group has its own intercept. */
  group: Indexed;
  /** The name of the group of a row. */
  groupName: (row: number) => string;
  /** The block of each row. Each block of groups has its own intercept, too. */
  block?: Indexed;
  /** A covariate. Each group has its own slope of it, which is correlated with the group's intercept. */
  slope?: Readonly<{ name: string; column: Float64Array }>;
}>;

/** Groups with equal ZᵀZ, where Z has a column of ones and, with slopes, the standardised covariate. */
type DesignClass = Readonly<{
  /** The entries of ZᵀZ: the number of rows; with slopes also Σ t and Σ t². */
  cross: readonly [size: number, sum: number, squares: number];
  groups: number;
  /**
   * Σ sₐ sᵦᵀ over the groups of the class, for (a, b) = (0, 0); with slopes also for (0, 1), twice, and (1, 1).
   * Each is a p × p matrix, row by row, of which only the lower triangle is used.
   */
  products: readonly Float64Array[];
}>;

/** A design without outcomes. */
export type GroupedDesign = Readonly<{
  names: readonly string[];
  rows: number;
  groups: number;
  blocks: number;
  /** The index of each row's group, and the index of each group's class. */
  groupOf: Int32Array;
  classOf: Int32Array;
  /** The standardised covariate of the slopes, (column − centre) / deviation. */
  time: Readonly<{ values: Float64Array; centre: number; deviation: number }> | null;
  /** The columns of Q, each as long as the rows. */
  orthonormal: readonly Float64Array[];
  /** Each group's sums of the rows of Q, and of the rows times the covariate: groups × p, row by row. */
  groupSums: readonly Float64Array[];
  classes: readonly DesignClass[];
  /** The sums of blocks; `null` without blocks. */
  blockSums: BlockSums | null;
  /** The rows of R⁻¹: each coefficient of X as weights of the coefficients of Q. */
  contrasts: readonly Float64Array[];
  /** 2 log |det R| = log det XᵀX. */
  logDeterminant: number;
}>;

export function groupedDesign(
  names: readonly string[],
  columns: readonly Float64Array[],
  { group, groupName, block: blocks, slope }: RandomEffects,
): GroupedDesign | Unavailable {
  const { indices: groupOf, count: groups } = group;
  const [rows, p] = [groupOf.length, columns.length];
  if (rows <= p) return unavailable(`${rows} rows are too few for ${p} coefficients`);
  const problem = problemOfGroups(rows, groups, slope?.name);
  if (problem !== undefined) return unavailable(problem);
  const blockOf = blocks === undefined ? null : blockOfEach(group, blocks, groupName);
  if (blockOf !== null && isUnavailable(blockOf)) return blockOf;
  if (blocks !== undefined) {
    if (blocks.count === 1) {
      return unavailable("all rows are in one block, so the variance between blocks cannot be estimated");
    }
    if (blocks.count === groups) {
      return unavailable(
        "every block has one group, so the variance between blocks cannot be separated from the variance between groups",
      );
    }
  }
  const time = slope === undefined ? null : standardised(slope.column);
  if (time !== null && !(time.deviation > 0)) {
    return unavailable(`"${slope!.name}" has the same value in all rows`);
  }

  const factored = orthonormalOf(columns);
  if (typeof factored === "number") return unavailable(singularDesign(names[factored]!));
  const { q, r } = factored;
  const weights = time === null ? [null] : [null, time.values];
  const groupSums = weights.map((weight) => sumsOf(q, { of: groupOf, count: groups }, weight));
  const crosses = crossProductsOf(groupOf, groups, time?.values ?? null);
  const trace = (of: Int32Array, count: number) => {
    // Let Z have an indicator column for each group. The trace of Zᵀ(I − QQᵀ)Z is zero if X determines Z.
    const sums = sumsOf(q, { of, count }, null);
    return rows - sums.reduce((sum, value) => sum + value ** 2, 0);
  };
  if (trace(groupOf, groups) <= SINGULAR * rows) {
    return unavailable(
      `the predictors identify each of the ${groups} groups, so the variance between groups cannot be estimated`,
    );
  }
  if (blocks !== undefined && trace(blocks.indices, blocks.count) <= SINGULAR * rows) {
    return unavailable(
      `the predictors identify each of the ${blocks.count} blocks, so the variance between blocks cannot be estimated`,
    );
  }
  const { indices: classOf, firsts: classFirsts } = indexed(crosses.map((cross) => cross.join("/")));
  return {
    names,
    rows,
    groups,
    blocks: blocks?.count ?? 0,
    groupOf,
    classOf,
    time,
    orthonormal: q,
    groupSums,
    classes: classesOf(Array.from(classFirsts, (first) => crosses[first]!), classOf, groupSums, p),
    blockSums: blockOf === null ? null : blockSums({ classOf, blockOf, groupSums, p }),
    contrasts: inverseRows(r),
    logDeterminant: 2 * r.diagonal().reduce((sum, entry) => sum + Math.log(entry), 0),
  };
}

/** Columns → their factors. Designs with and without slopes have the same columns. */
const FACTORED = new WeakMap<readonly Float64Array[], ReturnType<typeof orthonormalise>>();

function orthonormalOf(columns: readonly Float64Array[]): ReturnType<typeof orthonormalise> {
  const known = FACTORED.get(columns) ?? orthonormalise(columns);
  FACTORED.set(columns, known);
  return known;
}

/** The reason why a design with a column that depends on others cannot be fitted. */
export function singularDesign(name: string): string {
  return `the design is singular: the columns before "${name}" determine it (an empty cell, or a repeated predictor)`;
}

function problemOfGroups(rows: number, groups: number, slope: string | undefined): string | undefined {
  if (groups === 1) {
    return "all rows are in one group, so the variance between groups cannot be estimated";
  }
  if (groups === rows) {
    return "every group has one row, so the variance between groups cannot be separated from the residual variance";
  }
  if (slope !== undefined && rows <= 2 * groups) {
    return `${rows} rows are too few for an intercept and a slope of "${slope}" in each of ${groups} groups`;
  }
}

function standardised(column: Float64Array): NonNullable<GroupedDesign["time"]> {
  const centre = mean(column);
  const deviation = Math.sqrt(mean(column.map((value) => (value - centre) ** 2)));
  return { values: column.map((value) => (value - centre) / deviation), centre, deviation };
}

/** For each index, the weighted sums of its rows in each column: a matrix of `count` rows, row by row. */
function sumsOf(
  columns: readonly Float64Array[],
  { of, count }: Readonly<{ of: Int32Array; count: number }>,
  weights: Float64Array | null,
): Float64Array {
  const p = columns.length;
  const sums = new Float64Array(count * p);
  for (const [j, column] of columns.entries()) {
    for (let row = 0; row < column.length; row++) {
      sums[of[row]! * p + j]! += weights === null ? column[row]! : weights[row]! * column[row]!;
    }
  }
  return sums;
}

function crossProductsOf(
  groupOf: Int32Array,
  groups: number,
  time: Float64Array | null,
): (readonly [number, number, number])[] {
  const [sizes, sums, squares] = [0, 1, 2].map(() => new Float64Array(groups)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (const [row, of] of groupOf.entries()) {
    const t = time === null ? 0 : time[row]!;
    sizes[of]!++;
    sums[of]! += t;
    squares[of]! += t * t;
  }
  return Array.from(sizes, (size, of) => [size, sums[of]!, squares[of]!] as const);
}

function classesOf(
  crosses: readonly (readonly [number, number, number])[],
  classOf: Int32Array,
  groupSums: readonly Float64Array[],
  p: number,
): DesignClass[] {
  const pairs = groupSums.length === 1 ? [[0, 0]] : [[0, 0], [0, 1], [1, 1]];
  const counts = new Int32Array(crosses.length);
  const products = crosses.map(() => pairs.map(() => new Float64Array(p * p)));
  for (const [group, of] of classOf.entries()) {
    counts[of]!++;
    const start = group * p;
    for (const [entry, [a, b]] of pairs.entries()) {
      const [left, right, product] = [groupSums[a!]!, groupSums[b!]!, products[of]![entry]!];
      for (let j = 0; j < p; j++) {
        for (let k = 0; k <= j; k++) {
          product[j * p + k]! += a === b
            ? left[start + j]! * left[start + k]!
            : left[start + j]! * right[start + k]! + right[start + j]! * left[start + k]!;
        }
      }
    }
  }
  return crosses.map((cross, of) => ({ cross, groups: counts[of]!, products: products[of]! }));
}
