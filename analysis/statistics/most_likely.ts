/** Finds the standard deviations of a mixed model with the largest likelihood. */
import type { GroupedDesign } from "./grouped_design.ts";
import { minimise } from "./minimise.ts";
import { centralDifferences, newton } from "./newton.ts";
import { type Unavailable, unavailable } from "./unavailable.ts";

/** The search for log λ (λ: group variance / residual variance). Outside this range, one variance is negligible. */
const LOG_RATIO = { from: -14, to: 14, step: 2, tolerance: 1e-7 } as const;

/** Searches start with these deviations of slopes and of blocks, relative to the deviation of groups. */
const STARTS = [0.1, 0.7] as const;

/** The smallest deviation with which a search starts, relative to the residual standard deviation. */
const START_MIN = 0.05;

/**
 * `step`: the step in θ of finite differences. `tolerance`: a search ends when a step promises a smaller gain
 * in deviance.
 */
const SEARCH = { step: 1e-4, tolerance: 1e-9 } as const;

/** A relative deviation below this counts as 0, as in `isSingular` of lme4. */
const SINGULAR = 1e-4;

/** Deviances count as equal if they differ by less than this. */
const EQUAL = 1e-6;

/**
 * The indices in θ that can be 0 in a singular fit: the diagonal of the groups' factor, and the blocks'
 * deviation.
 */
export function deviationsOf({ time, blocks }: GroupedDesign): readonly number[] {
  const ofGroups = time === null ? [0] : [0, 2];
  return blocks > 0 ? [...ofGroups, time === null ? 1 : 3] : ofGroups;
}

/** Finds the θ with the largest likelihood. */
export function mostLikely(
  design: GroupedDesign,
  devianceAt: (theta: ArrayLike<number>) => number,
): Float64Array | Unavailable {
  const intercepts = (deviation: number) => {
    const theta = new Float64Array((design.time === null ? 1 : 3) + (design.blocks > 0 ? 1 : 0));
    theta[0] = deviation;
    return theta;
  };
  const { from, to, step } = LOG_RATIO;
  const logRatio = minimise((x) => devianceAt(intercepts(Math.exp(x / 2))), LOG_RATIO);
  if (logRatio > to - step / 2) return unavailable("the outcome does not vary within groups");
  let best = intercepts(Math.exp(logRatio / 2));
  if (logRatio < from + step / 2 || devianceAt(intercepts(0)) <= devianceAt(best)) best = intercepts(0);
  if (best.length === 1) return best;

  const deviation = Math.max(best[0]!, START_MIN);
  const starts = STARTS.flatMap((ofSlope) =>
    STARTS.map((ofBlock) => {
      const theta = intercepts(deviation);
      if (design.time !== null) theta[2] = ofSlope * deviation;
      if (design.blocks > 0) theta[theta.length - 1] = ofBlock * deviation;
      return theta;
    })
  );
  const start = starts.reduce((least, one) => devianceAt(one) < devianceAt(least) ? one : least);
  const steps = start.map(() => SEARCH.step);
  const found = newton((theta) => centralDifferences(devianceAt, theta, steps), start, SEARCH.tolerance);
  return withZeros(design, found.at, devianceAt);
}

/** Makes negligible deviations exactly 0, and all others positive. */
function withZeros(
  design: GroupedDesign,
  theta: Float64Array,
  devianceAt: (theta: ArrayLike<number>) => number,
): Float64Array {
  let at = theta;
  for (const place of deviationsOf(design)) {
    const zero = at.map((value, j) => j === place ? 0 : value);
    const isZero = Math.abs(at[place]!) < SINGULAR || devianceAt(zero) <= devianceAt(at) + EQUAL;
    if (isZero) at = zero;
    else if (at[place]! < 0) {
      const alike = place === 0 && design.time !== null ? [0, 1] : [place];
      at = at.map((value, j) => alike.includes(j) ? -value : value);
    }
  }
  return at;
}
