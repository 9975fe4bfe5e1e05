/** Intervals: the bounds of an estimate at a level of confidence. */

/** The level of intervals where none is asked for. */
export const LEVEL = 0.95;

/** An interval of confidence, in the unit of its estimate. */
export type Interval = Readonly<{
  /** The share of such intervals that hold the true value, in (0, 1). */
  level: number;
  lower: number;
  upper: number;
}>;

/**
 * Refuses what is no level of confidence.
 *
 * @param level The level, in (0, 1).
 * @throws RangeError where it is not.
 */
export function checkLevel(level: number): void {
  if (!(level > 0 && level < 1)) {
    throw new RangeError(
      `Cannot give an interval at the level "${level}": expected a number between 0 and 1`,
    );
  }
}

/**
 * The interval of an estimate, so many standard errors to either side.
 *
 * @param estimate The estimate.
 * @param halfWidth The distance from it to either bound.
 * @param level The level of confidence, which the half-width stands for.
 * @returns The interval.
 */
export function intervalAround(estimate: number, halfWidth: number, level: number): Interval {
  return { level, lower: estimate - halfWidth, upper: estimate + halfWidth };
}

/**
 * The interval between the quantiles of replicates of an estimate.
 *
 * @param replicates Bootstrap replicates, at least one, in any order.
 * @param level The level of confidence.
 * @returns The interval from the quantile (1 − level) / 2 to the quantile (1 + level) / 2.
 */
export function percentileInterval(replicates: readonly number[], level: number): Interval {
  const sorted = Float64Array.from(replicates).sort();
  return { level, lower: quantile(sorted, (1 - level) / 2), upper: quantile(sorted, (1 + level) / 2) };
}

/**
 * A quantile, by linear interpolation between the order statistics (type 7 of Hyndman and Fan 1996).
 *
 * @param sorted The values in ascending order, at least one.
 * @param p The share of values below, in [0, 1].
 * @returns The quantile.
 * @throws RangeError where there is no value.
 */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) throw new RangeError("Cannot take a quantile of no values");
  const place = p * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}
