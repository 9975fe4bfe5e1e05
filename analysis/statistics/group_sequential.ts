/**
 * Tests that are repeated while data accumulate. Each time results are seen is a look. This file has boundaries
 * by alpha spending, and p values that allow for all looks.
 *
 * By Lan and DeMets' method (1983), the error rate that may be spent until a look depends only on the look's
 * information fraction. So the number of looks and their times need not be fixed in advance. But they must not
 * depend on results.
 */
import normalCdf from "npm:@stdlib/stats-base-dists-normal-cdf@0.3.1";
import normalQuantile from "npm:@stdlib/stats-base-dists-normal-quantile@0.3.1";
import { twoSidedP } from "./distributions.ts";

/** The integration has this many steps for each standard deviation of the change between two looks. */
const STEPS_PER_DEVIATION = 6;

/**
 * The integration has at most this many steps from the middle to a boundary. Looks that are very close need
 * many steps.
 */
const STEPS_MAX = 1000;

/** The normal distribution is cut at this many standard deviations. Only 1e-15 of it lies beyond. */
const DEVIATIONS_MAX = 8;

/** The search for a boundary ends when it is known to this width, in standard deviations. */
const BOUND_PRECISION = 1e-9;

/** The search for a p value ends when its upper limit is larger than its lower limit by less than this share. */
const P_PRECISION = 1e-6;

/**
 * The two-sided error rate that is spent until a look, by a spending function of O'Brien and Fleming's type:
 * 4 (1 − Φ(z / √fraction)), where z is the quantile at 1 − alpha / 4.
 *
 * @param fraction The information of the look as a share of the planned maximum, in (0, 1].
 * @param alpha The error rate of all looks together, in (0, 1].
 */
export function spentAlpha(fraction: number, alpha: number): number {
  return fraction === 1 ? alpha : 4 * normalCdf(normalQuantile(alpha / 4, 0, 1) / Math.sqrt(fraction), 0, 1);
}

/**
 * The boundaries of looks. A look finds an effect if its absolute z is at least the boundary. The boundaries
 * are computed by recursive numerical integration (Armitage, McPherson and Rowe 1969).
 *
 * @param fractions The information of each look as a share of the planned maximum, increasing, in (0, 1].
 * @param alpha The two-sided error rate of all looks together, in (0, 1].
 * @returns One boundary for each look; `Infinity` instead of a boundary above 8, because practically no sample
 *   reaches it.
 * @throws RangeError when the fractions do not increase, or a number is outside its range.
 *
 * @example
 * ```ts
 * import { lookBoundaries } from "../mod.ts";
 * import assert from "node:assert/strict";
 *
 * const boundaries = lookBoundaries([0.5, 1], 0.05);
 * assert.deepEqual(boundaries.map((z) => z.toFixed(3)), ["2.963", "1.969"]);
 * ```
 */
export function lookBoundaries(fractions: readonly number[], alpha: number): readonly number[] {
  checkFractions(fractions);
  if (!(alpha > 0 && alpha <= 1)) {
    throw new RangeError(
      `Cannot spend an error rate of "${alpha}": expected a number above 0, and at most 1`,
    );
  }
  const boundaries: number[] = [];
  let inside: Density | null = null;
  let spent = 0;
  for (const [look, fraction] of fractions.entries()) {
    const total = spentAlpha(fraction, alpha);
    const boundary = boundaryOf(inside, fraction, total - spent);
    spent = total;
    boundaries.push(boundary);
    if (look === fractions.length - 1) break;
    inside = densityInside(inside, { boundary, fraction, next: fractions[look + 1]! });
  }
  return boundaries;
}

/**
 * The threshold of p at a look: the look finds an effect if its p value is below this number.
 *
 * @param fractions The looks so far; the last of them is this look.
 * @param alpha The two-sided error rate of all looks together.
 */
export function nominalLevel(fractions: readonly number[], alpha: number): number {
  return twoSidedP(lookBoundaries(fractions, alpha).at(-1)!, null);
}

/**
 * The repeated p value of a look (Jennison and Turnbull 2000). It is the smallest error rate of all looks
 * together with which this look would find the effect. Like any other p value, it can be compared with a level
 * and corrected for several tests (Maurer and Bretz 2013).
 *
 * @param p The two-sided p value of this look alone.
 * @param fractions The looks so far; the last of them is this look.
 *
 * @example
 * ```ts
 * import { repeatedP } from "../mod.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(repeatedP(0.02, [1]).toFixed(4), "0.0200");
 * assert.equal(repeatedP(0.02, [0.5, 1]).toFixed(4), "0.0202");
 * assert.equal(repeatedP(0.02, [0.5]).toFixed(4), "0.1371");
 * ```
 */
export function repeatedP(p: number, fractions: readonly number[]): number {
  checkFractions(fractions);
  if (!(p >= 0 && p <= 1)) throw new RangeError(`Cannot adjust "${p}": expected a probability from 0 to 1`);
  if (p === 0 || nominalLevel(fractions, 1) < p) return p === 0 ? 0 : 1;
  // A look never finds more than a single test with the same error rate, so the repeated p is at least p.
  let [below, above] = [p, 1];
  while (above / below > 1 + P_PRECISION) {
    const middle = Math.sqrt(below * above);
    if (nominalLevel(fractions, middle) < p) below = middle;
    else above = middle;
  }
  return above;
}

/**
 * The density of the sum of the data up to a look, for samples that have crossed no boundary. It is symmetric,
 * so only half is kept.
 */
type Density = Readonly<{
  fraction: number;
  /** The distance between two neighbouring points. The first point is 0. */
  step: number;
  /** At each point, the density times the point's weight in Simpson's rule, for both signs of the sum together. */
  weighted: Float64Array;
}>;

/**
 * The boundary at a look that this share of all samples reaches. Only samples that crossed no earlier boundary
 * count.
 */
function boundaryOf(before: Density | null, fraction: number, share: number): number {
  if (share <= 0) return Infinity;
  // Without earlier looks, more samples would reach the boundary, so it is at most the quantile of a single test.
  let [low, high] = [0, -normalQuantile(Math.min(1, share) / 2, 0, 1)];
  if (before === null || high === Infinity) return high;
  while (high - low > BOUND_PRECISION) {
    const middle = (low + high) / 2;
    if (shareBeyond(middle, before, fraction) > share) low = middle;
    else high = middle;
  }
  return high;
}

/** The share of all samples that crossed no earlier boundary and reach this boundary. */
function shareBeyond(boundary: number, { fraction: at, step, weighted }: Density, fraction: number): number {
  const [edge, deviation] = [boundary * Math.sqrt(fraction), Math.sqrt(fraction - at)];
  let share = 0;
  for (const [index, weight] of weighted.entries()) {
    const sum = index * step;
    share += weight *
      (normalCdf((sum - edge) / deviation, 0, 1) + normalCdf((-sum - edge) / deviation, 0, 1));
  }
  return share;
}

type Look = Readonly<{ boundary: number; fraction: number; next: number }>;

function densityInside(before: Density | null, { boundary, fraction, next }: Look): Density {
  const edge = Math.min(boundary, DEVIATIONS_MAX) * Math.sqrt(fraction);
  const finest = Math.sqrt(Math.min(fraction - (before?.fraction ?? 0), next - fraction));
  // Simpson's rule needs an even number of steps.
  const steps = 2 * Math.ceil(Math.min(edge / finest * STEPS_PER_DEVIATION, STEPS_MAX) / 2);
  const step = edge / Math.max(steps, 1);
  const weighted = Float64Array.from({ length: steps + 1 }, (_, index) => {
    const weight = index === 0 || index === steps ? 1 : index % 2 === 1 ? 4 : 2;
    return 2 * weight * step / 3 * densityAt(index * step, before, fraction);
  });
  return { fraction, step, weighted };
}

function densityAt(sum: number, before: Density | null, fraction: number): number {
  if (before === null) return normalDensity(sum, fraction);
  const { step, weighted } = before;
  const variance = fraction - before.fraction;
  const reach = DEVIATIONS_MAX * Math.sqrt(variance);
  const first = Math.max(0, Math.ceil((sum - reach) / step));
  const last = Math.min(weighted.length - 1, Math.floor((sum + reach) / step));
  let density = 0;
  for (let index = first; index <= last; index++) {
    const from = index * step;
    density += weighted[index]! / 2 *
      (normalDensity(sum - from, variance) + normalDensity(sum + from, variance));
  }
  return density;
}

function normalDensity(value: number, variance: number): number {
  return Math.exp(-value * value / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
}

function checkFractions(fractions: readonly number[]): void {
  const areInOrder = fractions.every((fraction, look) =>
    fraction > (look === 0 ? 0 : fractions[look - 1]!) && fraction <= 1
  );
  if (areInOrder && fractions.length > 0) return;
  throw new RangeError(
    `Cannot place looks at "${fractions.join(", ")}": expected increasing numbers above 0, and at most 1`,
  );
}
