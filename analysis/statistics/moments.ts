/** Means and variances. */

/**
 * The mean.
 *
 * @param values At least one value.
 * @returns Their mean.
 */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/**
 * The variance of a sample, in two passes.
 *
 * @param values At least two values.
 * @returns The sum of squared deviations from the mean over n − 1.
 */
export function sampleVariance(values: ArrayLike<number>): number {
  const centre = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - centre) ** 2;
  return squares / (values.length - 1);
}

/** Larger values would overflow where they are squared and multiplied. */
const MAGNITUDE_MAX = 1e100;

/**
 * Tells whether a value can be computed with.
 *
 * @param value The value.
 * @returns Whether it is a number, finite, and no further than 1e100 from 0.
 */
export function isComputable(value: number): boolean {
  return Math.abs(value) <= MAGNITUDE_MAX;
}

/**
 * Why values cannot be computed with.
 *
 * @param values What was given.
 * @param what What they are, such as `outcome`.
 * @returns The first that is no number or too large, or `undefined` where there is none.
 */
export function notComputable(values: readonly number[], what: string): string | undefined {
  const wrong = values.findIndex((value) => !isComputable(value));
  if (wrong === -1) return undefined;
  return `${what} ${wrong + 1} of ${values.length} is ${values[wrong]}, which cannot be computed with`;
}

/** Values that differ by no more than this share of the first are equal: means of equal ratings differ in rounding. */
const EQUAL_SHARE = 1e-12;

/** Whether finite values differ in rounding alone. */
export function allEqual(values: readonly number[]): boolean {
  const [first = 0] = values;
  return values.every((value) => Math.abs(value - first) <= EQUAL_SHARE * Math.abs(first));
}
