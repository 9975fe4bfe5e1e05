/** The possible values of an outcome. */
import { type Scale, scaleTypeOf } from "../../core/annotation/scales/mod.ts";
import { isMetric } from "../../core/experiment/analysis_design.ts";
import type { Interval } from "../statistics/distributions.ts";
import type { Outcome } from "./outcomes.ts";

/** Whether the mean of an outcome is a share, such as the share of a label or of yes. */
export function isShare({ scale }: Pick<Outcome, "scale">): boolean {
  return scale !== null && scaleTypeOf(scale).isShare;
}

/** The smallest and the largest possible value; infinite if there is no limit. */
export type OutcomeRange = readonly [least: number, greatest: number];

const UNLIMITED: OutcomeRange = [-Infinity, Infinity];

/**
 * The possible values of an outcome, which are also the possible values of its means.
 *
 * @returns Infinite limits if a value lies outside the scale. This is possible in imports.
 */
export function rangeOf(outcome: Pick<Outcome, "name" | "scale" | "values">): OutcomeRange {
  const [least, greatest] = outcome.scale === null
    ? isMetric(outcome.name) ? [0, outcome.name === "words" ? Infinity : 1] as const : UNLIMITED
    : rangeOfScale(outcome.scale);
  return outcome.values.values.every((value) => value >= least && value <= greatest)
    ? [least, greatest]
    : UNLIMITED;
}

/** The limits of a scale; infinite if they are not known. */
export function rangeOfScale(scale: Scale): OutcomeRange {
  if (isShare({ scale })) return [0, 1];
  const steps = scaleTypeOf(scale).steps?.(scale);
  if (steps !== undefined) return [steps.min, steps.max];
  // If an import of scores is not given the limits of the scale, it uses the smallest and the largest score as
  // limits. These are not limits of possible values, and usually not whole numbers.
  const isDeclared = scale.type === "interval" && Number.isInteger(scale.min) && Number.isInteger(scale.max);
  return isDeclared ? [scale.min, scale.max] : UNLIMITED;
}

/**
 * Cuts an interval of a mean at the limits of the outcome. The mean cannot lie beyond the limits, so the cut
 * interval contains the mean with the same probability.
 */
export function withinRange(interval: Interval, [least, greatest]: OutcomeRange): Interval {
  const { lower, upper } = interval;
  return lower >= least && upper <= greatest
    ? interval
    : { ...interval, lower: Math.max(lower, least), upper: Math.min(upper, greatest) };
}
