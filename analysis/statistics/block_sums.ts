/**
 * The sums by which blocks enter the likelihood of a linear mixed model.
 *
 * The groups of a block that are in the same class form a cell. For a given θ, the sum of a block is the sum of
 * its cells, each with the weights of its class. Blocks with equal numbers of groups in each class have equal
 * weights, so the products of their cells can be added in advance. The time for one likelihood then grows with
 * the number of different blocks, not with the number of blocks.
 */
import { indexed, indexedRowsOf, placesOf } from "./indexed.ts";

/**
 * Blocks that are alike are pooled if there are at least `blocks` of them, and at least `ofPair` for each pair of
 * sums. With fewer blocks, adding the products takes as long as it saves.
 */
const POOLED_MIN = { blocks: 500, ofPair: 8 } as const;

/** How many groups of a class a block has. */
type Part = Readonly<{ class: number; groups: number }>;

/** Blocks with equal parts. */
type Pool = Readonly<{
  blocks: number;
  parts: readonly Part[];
  /** The cells of each block, in the order of the parts: blocks × parts, row by row. */
  cells: Int32Array;
  /**
   * Let s be the sums of a block's cells, first by part, then by random effect. For each pair (e, f) of them, in
   * the order (0, 0), (1, 0), (1, 1), (2, 0) …: Σ sₑ sₑᵀ over the blocks, or Σ (sₑ s_fᵀ + s_f sₑᵀ). Each is a p × p
   * matrix, row by row, of which only the lower triangle is used.
   */
  products: readonly Float64Array[];
}>;

/** The blocks of a design. */
export type BlockSums = Readonly<{
  /** The cell of each group, and the number of cells. */
  cellOf: Int32Array;
  cells: number;
  /** For each random effect: the sums of the rows of Q in each cell, cells × p, row by row. */
  sums: readonly Float64Array[];
  pools: readonly Pool[];
  /** The other blocks. Each list has one entry for each of their cells. */
  single: Readonly<
    { blocks: number; blockOf: Int32Array; cell: Int32Array; class: Int32Array; groups: Int32Array }
  >;
}>;

/** The sums of an outcome that its blocks need. */
export type OutcomeBlockSums = Readonly<{
  /** For each random effect: the sum of the residuals in each cell. */
  totals: readonly Float64Array[];
  /** For each pool and each pair of sums, as in its products: Σ s times the residuals' sums, and Σ of their products. */
  pools: readonly Readonly<{ sums: readonly Float64Array[]; squares: Float64Array }>[];
}>;

/**
 * Adds up the groups of each block.
 *
 * @param classOf The class of each group.
 * @param blockOf The block of each group.
 * @param groupSums For each random effect: the sums of the rows of Q in each group, groups × p, row by row.
 */
export function blockSums(
  { classOf, blockOf, groupSums, p }: Readonly<
    { classOf: Int32Array; blockOf: Int32Array; groupSums: readonly Float64Array[]; p: number }
  >,
): BlockSums {
  const classes = classOf.reduce((max, of) => Math.max(max, of), -1) + 1;
  const { indices: cellOf, count: cells, firsts } = indexed(
    Array.from(classOf, (of, group) => blockOf[group]! * classes + of),
  );
  const groups = new Int32Array(cells);
  const sums = groupSums.map(() => new Float64Array(cells * p));
  for (const [group, cell] of cellOf.entries()) {
    groups[cell]!++;
    for (const [a, of] of groupSums.entries()) {
      for (let j = 0; j < p; j++) sums[a]![cell * p + j]! += of[group * p + j]!;
    }
  }
  const parts = { class: firsts.map((group) => classOf[group]!), groups };
  const ofCell = firsts.map((group) => blockOf[group]!);
  const { lists, others } = alikeBlocks(parts, ofCell, groupSums.length);
  const pools = lists.map((list) => {
    const [first] = list as [Int32Array];
    const cellsOf = new Int32Array(list.length * first.length);
    for (const [block, of] of list.entries()) cellsOf.set(of, block * first.length);
    const pool = {
      blocks: list.length,
      parts: Array.from(first, (cell): Part => ({ class: parts.class[cell]!, groups: groups[cell]! })),
      cells: cellsOf,
    };
    return { ...pool, products: productsOf(pool, sums, p) };
  });
  const single = indexed(others.map((cell) => ofCell[cell]!));
  return {
    cellOf,
    cells,
    sums,
    pools,
    single: {
      blocks: single.count,
      blockOf: single.indices,
      cell: others,
      class: others.map((cell) => parts.class[cell]!),
      groups: others.map((cell) => groups[cell]!),
    },
  };
}

/**
 * Finds the blocks that are pooled.
 *
 * @param parts The class of each cell, and its number of groups.
 * @param blockOf The block of each cell.
 * @param effects The number of random effects of a group.
 * @returns For each pool, the cells of each of its blocks, in the order of their classes; and all other cells.
 */
function alikeBlocks(
  parts: Readonly<{ class: Int32Array; groups: Int32Array }>,
  blockOf: Int32Array,
  effects: number,
): Readonly<{ lists: readonly (readonly Int32Array[])[]; others: Int32Array }> {
  const { starts, places } = placesOf(blockOf, blockOf.reduce((max, of) => Math.max(max, of), -1) + 1);
  const kinds = indexedRowsOf([parts.class, parts.groups]);
  const blocks = Array.from({ length: starts.length - 1 }, (_, block) => {
    const cells = places.subarray(starts[block], starts[block + 1]);
    return cells.sort((a, b) => parts.class[a]! - parts.class[b]!);
  });
  const alike = [...Map.groupBy(blocks, (cells) => cells.map((cell) => kinds[cell]!).join()).values()];
  const isPooled = (list: readonly Int32Array[]) => {
    const entries = list[0]!.length * effects;
    const pairs = entries * (entries + 1) / 2;
    return list.length >= Math.max(POOLED_MIN.blocks, POOLED_MIN.ofPair * pairs);
  };
  const others = alike.filter((list) => !isPooled(list)).flatMap((list) => list.flatMap((of) => [...of]));
  return { lists: alike.filter(isPooled), others: Int32Array.from(others).sort() };
}

type Cells = Pick<Pool, "blocks" | "cells">;

function productsOf({ blocks, cells }: Cells, sums: readonly Float64Array[], p: number): Float64Array[] {
  return pairsOf(cells.length / blocks, sums.length).map(([e, f]) => {
    const product = new Float64Array(p * p);
    const [left, right] = [sums[e.effect]!, sums[f.effect]!];
    for (let first = 0; first < cells.length; first += cells.length / blocks) {
      const [a, b] = [cells[first + e.part]! * p, cells[first + f.part]! * p];
      for (let j = 0; j < p; j++) {
        for (let i = 0; i <= j; i++) {
          product[j * p + i]! += e === f
            ? left[a + j]! * left[a + i]!
            : left[a + j]! * right[b + i]! + right[b + j]! * left[a + i]!;
        }
      }
    }
    return product;
  });
}

type Entry = Readonly<{ part: number; effect: number }>;

/** The pairs of a pool's sums, in the order of its products. */
function pairsOf(parts: number, effects: number): readonly (readonly [Entry, Entry])[] {
  const entries = Array.from({ length: parts * effects }, (_, index): Entry => ({
    part: Math.floor(index / effects),
    effect: index % effects,
  }));
  return entries.flatMap((e, at) => entries.slice(0, at + 1).map((f) => [e, f] as const));
}

/**
 * Adds up an outcome in blocks.
 *
 * @param ofGroups For each random effect: the sum of the residuals in each group.
 * @param p The number of columns of Q.
 */
export function outcomeBlockSums(
  { cellOf, cells, sums, pools }: BlockSums,
  ofGroups: readonly Float64Array[],
  p: number,
): OutcomeBlockSums {
  const totals = ofGroups.map((of) => {
    const total = new Float64Array(cells);
    for (const [group, cell] of cellOf.entries()) total[cell]! += of[group]!;
    return total;
  });
  return {
    totals,
    pools: pools.map((pool) => {
      const width = pool.parts.length;
      const pairs = pairsOf(width, totals.length);
      const squares = new Float64Array(pairs.length);
      const products = pairs.map(([e, f], pair) => {
        const product = new Float64Array(p);
        const [left, right] = [sums[e.effect]!, sums[f.effect]!];
        for (let first = 0; first < pool.cells.length; first += width) {
          const [a, b] = [pool.cells[first + e.part]!, pool.cells[first + f.part]!];
          const [ofLeft, ofRight] = [totals[e.effect]![a]!, totals[f.effect]![b]!];
          squares[pair]! += (e === f ? 1 : 2) * ofLeft * ofRight;
          for (let j = 0; j < p; j++) {
            product[j]! += left[a * p + j]! * ofRight + (e === f ? 0 : right[b * p + j]! * ofLeft);
          }
        }
        return product;
      });
      return { sums: products, squares };
    }),
  };
}

/** The sums of a profile. */
export type ProfileSums = {
  /** The lower triangle of QᵀV⁻¹Q σ², row by row. */
  readonly information: Float64Array;
  /** QᵀV⁻¹r σ², where r are the residuals of ordinary least squares. */
  readonly score: Float64Array;
  /** rᵀV⁻¹r σ². */
  squares: number;
  logDeterminants: number;
};

/** The weights of the groups of a class. */
type Weights = Readonly<{ weights: readonly [number, number]; ones: number }>;

/**
 * Subtracts in place what the variance between blocks explains.
 *
 * @param classes The weights of each class.
 * @param ratio The variance between blocks divided by the residual variance.
 */
export function subtractBlocks(
  to: ProfileSums,
  design: BlockSums,
  outcome: OutcomeBlockSums,
  { classes, ratio }: Readonly<{ classes: readonly Weights[]; ratio: number }>,
): void {
  subtractSingle(to, design, outcome, { classes, ratio });
  const p = to.score.length;
  for (const [index, { blocks, parts, products }] of design.pools.entries()) {
    const of = outcome.pools[index]!;
    const ones = parts.reduce((sum, part) => sum + part.groups * classes[part.class]!.ones, 0);
    const weights = parts.flatMap((part) =>
      design.sums.map((_, effect) => classes[part.class]!.weights[effect]!)
    );
    const ofBlock = ratio / (1 + ratio * ones);
    to.logDeterminants += blocks * Math.log1p(ratio * ones);
    let pair = 0;
    for (let e = 0; e < weights.length; e++) {
      for (let f = 0; f <= e; f++, pair++) {
        const weight = ofBlock * weights[e]! * weights[f]!;
        const [product, sums] = [products[pair]!, of.sums[pair]!];
        to.squares -= weight * of.squares[pair]!;
        for (let j = 0; j < p; j++) {
          to.score[j]! -= weight * sums[j]!;
          for (let place = j * p; place <= j * p + j; place++) {
            to.information[place]! -= weight * product[place]!;
          }
        }
      }
    }
  }
}

function subtractSingle(
  to: ProfileSums,
  { single, sums }: BlockSums,
  { totals }: OutcomeBlockSums,
  { classes, ratio }: Readonly<{ classes: readonly Weights[]; ratio: number }>,
): void {
  const { information, score } = to;
  const p = score.length;
  const ofBlocks = new Float64Array(single.blocks * p);
  const [total, ones] = [new Float64Array(single.blocks), new Float64Array(single.blocks)];
  for (let place = 0; place < single.cell.length; place++) {
    const [cell, block] = [single.cell[place]!, single.blockOf[place]!];
    const { weights, ones: ofOne } = classes[single.class[place]!]!;
    ones[block]! += single.groups[place]! * ofOne;
    for (let a = 0; a < sums.length; a++) {
      const [weight, of] = [weights[a]!, sums[a]!];
      total[block]! += weight * totals[a]![cell]!;
      for (let j = 0; j < p; j++) ofBlocks[block * p + j]! += weight * of[cell * p + j]!;
    }
  }
  for (let block = 0; block < single.blocks; block++) {
    const weight = ratio / (1 + ratio * ones[block]!);
    const start = block * p;
    to.logDeterminants += Math.log1p(ratio * ones[block]!);
    to.squares -= weight * total[block]! ** 2;
    for (let j = 0; j < p; j++) {
      const weighted = weight * ofBlocks[start + j]!;
      score[j]! -= weighted * total[block]!;
      for (let i = 0; i <= j; i++) information[j * p + i]! -= weighted * ofBlocks[start + i]!;
    }
  }
}
