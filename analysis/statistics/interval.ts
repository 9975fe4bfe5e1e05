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
 * @param tail The share of replicates to leave out at either end, in (0, 0.5).
 * @param level The level of confidence that this stands for.
 * @returns The interval from the quantile `tail` to the quantile 1 − `tail`.
 */
export function percentileInterval(replicates: readonly number[], tail: number, level: number): Interval {
  const sorted = Float64Array.from(replicates).sort();
  return { level, lower: quantile(sorted, tail), upper: quantile(sorted, 1 - tail) };
}

/**
 * A quantile where n values cut the line into n + 1 parts of equal probability (type 6 of Hyndman and Fan 1996), as
 * bootstrap replicates do.
 *
 * @param sorted The values in ascending order, at least one.
 * @param p The share of probability below, in [0, 1].
 * @returns The quantile, by linear interpolation, and no further out than the outermost values.
 * @throws RangeError where there is no value.
 */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) throw new RangeError("Cannot take a quantile of no values");
  const place = Math.min(Math.max(p * (sorted.length + 1) - 1, 0), sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}
