/** Finds the minimum of a function of one number. */

/** A golden-section step goes this share of the longer side of the bracket. */
const GOLDEN = (3 - Math.sqrt(5)) / 2;

type SearchRange = Readonly<{
  from: number;
  to: number;
  /** The distance between the points of the first grid. A minimum in a narrower valley can be missed. */
  step: number;
  /** The search ends when the minimum is known up to this distance. Use at least about 1e-8 of the range. */
  tolerance: number;
}>;

type Point = Readonly<{ x: number; y: number }>;

/**
 * Finds a minimum. It first searches a grid. Between the neighbours of the best grid point, it then uses
 * Brent's method (Brent 1973, chapter 5): each step goes to the vertex of the parabola through the three lowest
 * points. If that is outside of the bracket, or if steps do not shrink fast enough, it takes a golden-section
 * step.
 *
 * @example
 * ```ts
 * import { minimise } from "./minimise.ts";
 * import assert from "node:assert/strict";
 *
 * const found = minimise((x) => (x - 2) ** 2, { from: 0, to: 10, step: 1.5, tolerance: 1e-7 });
 * assert(Math.abs(found - 2) < 1e-7);
 * ```
 */
export function minimise(f: (x: number) => number, { from, to, step, tolerance }: SearchRange): number {
  const at = (x: number): Point => ({ x, y: f(x) });
  const grid: Point[] = [];
  for (let x = from; x < to + step / 2; x += step) grid.push(at(Math.min(x, to)));
  const best = grid.reduce((least, point, index) => point.y < grid[least]!.y ? index : least, 0);
  const [left, right] = [grid[best - 1] ?? grid[best]!, grid[best + 1] ?? grid[best]!];
  let [lower, upper] = [left.x, right.x];
  let lowest = grid[best]!;
  let [second, third] = left.y < right.y ? [left, right] : [right, left];
  let [move, before] = [0, upper - lower];
  while (Math.max(lowest.x - lower, upper - lowest.x) > tolerance) {
    const parabola = vertex(lowest, second, third);
    const inside = lower < lowest.x + parabola && lowest.x + parabola < upper;
    if (inside && Math.abs(parabola) < Math.abs(before) / 2) {
      [before, move] = [move, parabola];
    } else {
      before = lowest.x - lower < upper - lowest.x ? upper - lowest.x : lower - lowest.x;
      move = GOLDEN * before;
    }
    // If the move is too short to matter, move towards the farther end of the bracket instead.
    if (!(Math.abs(move) >= tolerance / 2)) {
      move = (upper - lowest.x > lowest.x - lower ? tolerance : -tolerance) / 2;
    }
    const next = at(lowest.x + move);
    if (next.y <= lowest.y) {
      if (next.x < lowest.x) upper = lowest.x;
      else lower = lowest.x;
      [lowest, second, third] = [next, lowest, second];
    } else {
      if (next.x < lowest.x) lower = next.x;
      else upper = next.x;
      if (next.y <= second.y || second.x === lowest.x) [second, third] = [next, second];
      else if (next.y <= third.y || third.x === lowest.x || third.x === second.x) third = next;
    }
  }
  return lowest.x;
}

/**
 * The distance from the lowest point to the vertex of the parabola through three points. Not finite if they are
 * on a line.
 */
function vertex(lowest: Point, second: Point, third: Point): number {
  const r = (lowest.x - second.x) * (lowest.y - third.y);
  const q = (lowest.x - third.x) * (lowest.y - second.y);
  return ((lowest.x - third.x) * q - (lowest.x - second.x) * r) / (2 * (r - q));
}
