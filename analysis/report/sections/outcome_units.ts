/** The units of outcomes, and figures in these units, for sentences. */
import { isMetric } from "../../../core/experiment/analysis_design.ts";
import { isShare, type Outcome, rangeOf } from "../../outcomes/mod.ts";
import type { Interval } from "../../statistics/distributions.ts";
import { isUnavailable, type Unavailable } from "../../statistics/unavailable.ts";
import { decimalsFor, formatCell } from "../numbers.ts";

/** The unit of log odds, which have no name and no limits. */
export const LOG_ODDS: Unit = { name: "", scale: "", times: 1 };

/**
 * The unit of a difference: its name, the limits of its scale (empty if unknown), and the number by which
 * figures are multiplied.
 */
export type Unit = Readonly<{ name: string; scale: string; times: number }>;

/** The unit of differences in an outcome: points of a scale, percentage points, or words. */
export function unitOf(outcome: Outcome): Unit {
  const { name, scale } = outcome;
  if (name === "words" && scale === null) return { name: "words", scale: "", times: 1 };
  const isRate = scale === null && isMetric(name) && name.endsWith("-rate");
  if (isShare(outcome) || isRate) return { name: "percentage points", scale: "", times: 100 };
  const [least, greatest] = rangeOf(outcome);
  const isLimited = Number.isFinite(least) && Number.isFinite(greatest);
  return {
    name: "points",
    scale: isLimited ? `from ${limitText(least)} to ${limitText(greatest)}` : "",
    times: 1,
  };
}

function limitText(limit: number): string {
  return String(limit).replace("-", "−");
}

/** A figure as text, with as many decimals as all figures of the same sentence need. */
export function formatted(
  cell: number | Interval,
  interval: number | Interval | Unavailable,
  { times }: Unit,
): string {
  const scaled = (one: number | Interval) =>
    typeof one === "number" ? one * times : { ...one, lower: one.lower * times, upper: one.upper * times };
  const cells = typeof interval === "object" && isUnavailable(interval)
    ? [scaled(cell)]
    : [scaled(cell), scaled(interval)];
  return formatCell(scaled(cell), { kind: "number", decimals: decimalsFor(cells) });
}
