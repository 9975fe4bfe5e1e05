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

/**
 * Why values cannot be computed with.
 *
 * @param values What was given.
 * @param what What they are, such as `outcome`.
 * @returns The first that is no finite number, or `undefined` where all are.
 */
export function notFinite(values: ArrayLike<number>, what: string): string | undefined {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) return `${what} ${i + 1} of ${values.length} is no finite number`;
  }
  return undefined;
}
