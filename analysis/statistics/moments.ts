/** Means, variances, and checks of the values that they are computed from. */

/** The mean of at least one value. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** The variance of a sample of at least two values (divisor n − 1), in two passes. */
export function sampleVariance(values: ArrayLike<number>): number {
  const centre = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - centre) ** 2;
  return squares / (values.length - 1);
}

/** Larger values would overflow when they are squared and multiplied. */
const MAGNITUDE_MAX = 1e100;

/** Whether a value is a number between −1e100 and 1e100. */
export function isComputable(value: number): boolean {
  return Math.abs(value) <= MAGNITUDE_MAX;
}

/**
 * Finds a value that cannot be computed with.
 *
 * @returns The reason; `undefined` when all values can be computed with.
 */
export function notComputable(values: readonly number[], what: string): string | undefined {
  const wrong = values.findIndex((value) => !isComputable(value));
  if (wrong === -1) return undefined;
  return `${what} ${wrong + 1} of ${values.length} is ${values[wrong]}, which cannot be computed with`;
}

/** Means of equal ratings differ by rounding: differences below this share of the first value count as none. */
const EQUAL_SHARE = 1e-12;

/** Whether finite values are equal up to rounding. */
export function allEqual(values: readonly number[]): boolean {
  const [first = 0] = values;
  return values.every((value) => Math.abs(value - first) <= EQUAL_SHARE * Math.abs(first));
}
