/**
 * Fisher's linear discriminant with a ridge penalty. Its matrix is computed once for many labellings of the
 * same rows.
 */
import { dot, factor, solve } from "./linear_algebra.ts";

/**
 * A feature counts as constant if its standard deviation is at most this share of its values, which is only
 * rounding.
 */
const ROUNDING = 1e-12;

/** A rule that assigns rows to one of two classes. */
export type Rule = Readonly<{
  /** The score of a row. If it is above 0, the row is assigned to the first class. */
  scoreOf: (row: Float64Array) => number;
  /** The coefficients of the features, each per standard deviation of the training rows. */
  weights: Float64Array;
}>;

/** Training rows that are prepared to learn a rule for any labels. */
export type Learner = Readonly<{ rule: (isFirst: readonly boolean[]) => Rule }>;

/**
 * Prepares rows to learn rules from. Let X have the standardised training rows, and let d be the difference of
 * the class means. For p features, the weights of a rule are (X′X + pI)⁻¹ d. They have the direction of
 * Fisher's discriminant, because X′X is the scatter within the classes plus a multiple of dd′. If there are
 * more features than rows, the same weights are computed as X′(XX′ + pI)⁻¹ c, where d = X′c.
 *
 * @param rows All rows, from {@linkcode standardised}.
 * @param training The indices of the training rows.
 */
export function discriminant(rows: readonly Float64Array[], training: readonly number[]): Learner {
  const p = rows[0]!.length;
  const { means, deviations: own } = momentsOf(rows, training);
  // A feature that is constant in the training rows gets the weight 0, because both class means are equal.
  const deviations = own.map((deviation) => deviation > ROUNDING ? deviation : 1);
  const scaled = (row: Float64Array) => row.map((value, j) => (value - means[j]!) / deviations[j]!);
  const learnt = training.map((row) => scaled(rows[row]!));
  const weightsOf = p > training.length ? wideWeights(learnt, p) : narrowWeights(learnt, p);
  return {
    rule: (isFirst) => {
      const [first, second] = [new Float64Array(p), new Float64Array(p)];
      let firsts = 0;
      for (const row of training) {
        const sum = isFirst[row] ? first : second;
        if (isFirst[row]) firsts++;
        const values = rows[row]!;
        for (let j = 0; j < p; j++) sum[j]! += values[j]!;
      }
      for (let j = 0; j < p; j++) {
        first[j]! /= firsts;
        second[j]! /= training.length - firsts;
      }
      const difference = first.map((value, j) => (value - second[j]!) / deviations[j]!);
      const shares = training.map((row) => isFirst[row] ? 1 / firsts : 1 / (firsts - training.length));
      const weights = weightsOf(difference, shares);
      const perUnit = weights.map((weight, j) => weight / deviations[j]!);
      const threshold = (dot(perUnit, first) + dot(perUnit, second)) / 2;
      return { weights, scoreOf: (row) => dot(perUnit, row) - threshold };
    },
  };
}

/**
 * Computes the weights of a rule from the difference of the class means, and from each row's share in this
 * difference.
 */
type WeightsOf = (difference: Float64Array, shares: readonly number[]) => Float64Array;

function narrowWeights(scaled: readonly Float64Array[], p: number): WeightsOf {
  const scatter = new Float64Array(p * p);
  for (let j = 0; j < p; j++) scatter[j * p + j] = p;
  for (const x of scaled) {
    for (let j = 0; j < p; j++) {
      for (let k = 0; k <= j; k++) scatter[j * p + k]! += x[j]! * x[k]!;
    }
  }
  factor(scatter, p);
  return (difference) => solve(scatter, difference);
}

function wideWeights(scaled: readonly Float64Array[], p: number): WeightsOf {
  const n = scaled.length;
  const products = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) products[i * n + j] = dot(scaled[i]!, scaled[j]!) + (i === j ? p : 0);
  }
  factor(products, n);
  return (_, shares) => {
    const solved = solve(products, Float64Array.from(shares));
    const weights = new Float64Array(p);
    for (const [i, x] of scaled.entries()) {
      for (let j = 0; j < p; j++) weights[j]! += x[j]! * solved[i]!;
    }
    return weights;
  };
}

/** Rows with each feature's mean subtracted, divided by its standard deviation. A constant feature becomes 0. */
export function standardised(rows: readonly Float64Array[]): readonly Float64Array[] {
  const { means, deviations } = momentsOf(rows, [...rows.keys()]);
  const sizes = means.map((_, j) => rows.reduce((max, row) => Math.max(max, Math.abs(row[j]!)), 0));
  return rows.map((row) =>
    row.map((value, j) => deviations[j]! <= ROUNDING * sizes[j]! ? 0 : (value - means[j]!) / deviations[j]!)
  );
}

/** The mean and the standard deviation (divisor n) of each feature. */
function momentsOf(
  rows: readonly Float64Array[],
  places: readonly number[],
): Readonly<{ means: Float64Array; deviations: Float64Array }> {
  const p = rows[0]!.length;
  const [means, variances] = [new Float64Array(p), new Float64Array(p)];
  for (const place of places) rows[place]!.forEach((value, j) => means[j]! += value / places.length);
  for (const place of places) {
    rows[place]!.forEach((value, j) => variances[j]! += (value - means[j]!) ** 2 / places.length);
  }
  return { means, deviations: variances.map(Math.sqrt) };
}
