/** A test of whether a classifier can tell the discussions of two corpora apart. */
import { openDraw } from "../../core/random/mod.ts";
import { checkLevel, type Interval, LEVEL, notComputable, shareInterval } from "./distributions.ts";
import { ARRANGEMENTS } from "./distribution_distance.ts";
import { affordable } from "./draw_counts.ts";
import { discriminant, type Learner, standardised } from "./linear_discriminant.ts";
import { type Unavailable, unavailable } from "./unavailable.ts";

/**
 * The number of folds: parts of the discussions. A discussion is classified by a rule that was learnt from the
 * other folds.
 */
const FOLDS = 5;

/** Each corpus needs at least this many discussions, so that each fold has enough of them to exchange. */
const DISCUSSIONS_MIN = 2 * FOLDS;

/** All permutations together make at most this many multiplications. */
const PRODUCTS_MAX = 1_000_000_000;

const PERMUTATIONS_MIN = 199;

/** The result of a classifier two-sample test. */
export type ClassifierTest = Readonly<{
  /**
   * For each corpus, the share of its discussions that are assigned to it; the mean of both shares. By chance,
   * it is 0.5.
   */
  accuracy: number;
  /** The interval of the accuracy, which is approximate. */
  interval: Interval;
  /** The one-sided p: the share of random assignments of discussions to corpora that have at least this accuracy. */
  p: number;
  permutations: number;
  /** The numbers of classified discussions. */
  sizes: readonly [first: number, second: number];
  /**
   * The coefficient of each feature, per standard deviation, in the rule that is learnt from all discussions.
   * The coefficients are scaled so that their squares sum to 1. If one is above 0, higher values are typical of
   * the first corpus.
   */
  weights: readonly number[];
}>;

/** The options of a classifier two-sample test. */
export type ClassifierTestOptions = Readonly<{
  /** Equal seeds give equal results. */
  seed: string;
  /** The level of the interval. Default 0.95. */
  level?: number;
  /** Default {@linkcode ARRANGEMENTS}, fewer for large corpora. */
  permutations?: number;
}>;

/**
 * Classifier two-sample test (Lopez-Paz and Oquab 2017): if two corpora have the same distribution, no
 * classifier assigns new discussions better than chance.
 *
 * The classifier is Fisher's linear discriminant with a ridge penalty as large as the number of features. Its
 * threshold is halfway between the means of both corpora, so their sizes do not matter. To classify a fold,
 * features are standardised and a rule is learnt without this fold. A linear classifier finds only differences
 * of means. The permutations exchange discussions within folds.
 *
 * @param one A row for each discussion of the first corpus: the values of its features.
 * @param other The rows of the second corpus.
 * @throws RangeError when the level is not between 0 and 1.
 *
 * @example
 * ```ts
 * import { classifierTest, isUnavailable } from "../mod.ts";
 * import assert from "node:assert/strict";
 *
 * const [short, long] = [0, 20].map((least) => Array.from({ length: 10 }, (_, discussion) => [least + discussion]));
 * const result = classifierTest(short!, long!, { seed: "42" });
 * assert(!isUnavailable(result));
 * assert.equal(result.accuracy, 1);
 * assert.deepEqual(result.weights, [-1]);
 * ```
 */
export function classifierTest(
  one: readonly (readonly number[])[],
  other: readonly (readonly number[])[],
  options: ClassifierTestOptions,
): ClassifierTest | Unavailable {
  const { seed, level = LEVEL } = options;
  checkLevel(level);
  if (Math.min(one.length, other.length) < DISCUSSIONS_MIN) {
    return unavailable(`a corpus has fewer than ${DISCUSSIONS_MIN} discussions with all features`);
  }
  const wrong = notComputable([...one, ...other].flat(), "value");
  if (wrong !== undefined) return unavailable(wrong);
  const rows = standardised([...one, ...other].map((row) => Float64Array.from(row)));
  if (rows.every((row) => row.every((value) => value === 0))) return unavailable("no feature varies");
  const isFirst = rows.map((_, row) => row < one.length);
  const folds = foldsOf(isFirst, seed);
  const learners = folds.map((tested) => {
    const isTested = new Set(tested);
    return { tested, learner: discriminant(rows, [...rows.keys()].filter((row) => !isTested.has(row))) };
  });
  const sharesOf = (labels: readonly boolean[]) => sharesRight(learners, rows, labels);
  const shares = sharesOf(isFirst);
  const accuracy = mid(shares);
  const draw = openDraw(seed, "permutations");
  const width = rows[0]!.length;
  const products = width * (2 * rows.length + FOLDS * Math.min(width, rows.length));
  const permutations = options.permutations ??
    affordable({ most: ARRANGEMENTS, least: PERMUTATIONS_MIN }, products, PRODUCTS_MAX);
  let beyond = 0;
  for (let i = 0; i < permutations; i++) {
    const labels: boolean[] = [];
    for (const fold of folds) {
      for (const [at, from] of draw.sample(fold, fold.length).entries()) labels[fold[at]!] = isFirst[from]!;
    }
    if (mid(sharesOf(labels)) >= accuracy - ROUNDING) beyond++;
  }
  return {
    accuracy,
    interval: meanInterval(shares, [one.length, other.length], level),
    p: (beyond + 1) / (permutations + 1),
    permutations,
    sizes: [one.length, other.length],
    weights: unit(discriminant(rows, [...rows.keys()]).rule(isFirst).weights),
  };
}

/** Shares count as equal if they differ by less than this, because of rounding. */
const ROUNDING = 1e-12;

/** Divides the discussions of each corpus among the folds at random, as evenly as possible. */
function foldsOf(isFirst: readonly boolean[], seed: string): readonly (readonly number[])[] {
  const draw = openDraw(seed, "folds");
  const rows = [...isFirst.keys()];
  const shuffled = [true, false].flatMap((corpus) => {
    const own = rows.filter((row) => isFirst[row] === corpus);
    return draw.sample(own, own.length);
  });
  return Array.from({ length: FOLDS }, (_, fold) => shuffled.filter((_, at) => at % FOLDS === fold));
}

/**
 * For each corpus, the share of its discussions that are assigned to it. A score at the threshold counts as
 * half right.
 */
function sharesRight(
  learners: readonly Readonly<{ tested: readonly number[]; learner: Learner }>[],
  rows: readonly Float64Array[],
  labels: readonly boolean[],
): readonly [first: number, second: number] {
  const [right, all] = [[0, 0], [0, 0]];
  for (const { tested, learner } of learners) {
    const { scoreOf } = learner.rule(labels);
    for (const row of tested) {
      const corpus = labels[row] ? 0 : 1;
      const score = scoreOf(rows[row]!);
      all[corpus]!++;
      right[corpus]! += score === 0 ? 0.5 : Number(score > 0 === labels[row]);
    }
  }
  return [right[0]! / all[0]!, right[1]! / all[1]!];
}

function mid([first, second]: readonly [number, number]): number {
  return (first + second) / 2;
}

/**
 * Rules of different folds learn from mostly the same discussions. So the accuracy varies as if there were this
 * many times fewer discussions.
 */
const OVERLAP = 1 + FOLDS / (FOLDS - 1);

/**
 * Newcombe's interval (1998, method 10) for the mean of both shares, which is made from their Wilson intervals.
 * The variance is corrected for the overlap of the folds by Nadeau and Bengio's method (2003).
 */
function meanInterval(
  shares: readonly [number, number],
  sizes: readonly [number, number],
  level: number,
): Interval {
  const ends = shares.map((share, at) => {
    const size = sizes[at]! / OVERLAP;
    return shareInterval(share * size, size, level);
  });
  const reach = (end: "lower" | "upper") =>
    Math.hypot(...shares.map((share, at) => share - ends[at]![end])) / 2;
  return { level, lower: mid(shares) - reach("lower"), upper: mid(shares) + reach("upper") };
}

function unit(weights: Float64Array): readonly number[] {
  const length = Math.hypot(...weights);
  return [...weights].map((weight) => length === 0 ? 0 : weight / length);
}
