/** The minimum of a function of one number. */

/** The share of a bracket that golden-section search keeps at each step. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Finds a minimum by a grid, then by golden-section search (Kiefer 1953) between the neighbours of its best point.
 *
 * @param f The function.
 * @param from The lower end of the search.
 * @param to The upper end.
 * @param step The distance of the grid's points: what is narrower may be missed.
 * @param tolerance The width of the bracket at which the search ends.
 * @returns Where the function is least, within the tolerance.
 */
export function minimise(
  f: (x: number) => number,
  from: number,
  to: number,
  step: number,
  tolerance: number,
): number {
  let best = from;
  let least = f(from);
  for (let x = from + step; x < to + step / 2; x += step) {
    const value = f(x);
    if (value < least) [best, least] = [x, value];
  }
  let [lower, upper] = [Math.max(from, best - step), Math.min(to, best + step)];
  let [left, right] = [upper - GOLDEN * (upper - lower), lower + GOLDEN * (upper - lower)];
  let [atLeft, atRight] = [f(left), f(right)];
  while (upper - lower > tolerance) {
    if (atLeft < atRight) {
      [upper, right, atRight] = [right, left, atLeft];
      left = upper - GOLDEN * (upper - lower);
      atLeft = f(left);
    } else {
      [lower, left, atLeft] = [left, right, atRight];
      right = lower + GOLDEN * (upper - lower);
      atRight = f(right);
    }
  }
  return (lower + upper) / 2;
}
