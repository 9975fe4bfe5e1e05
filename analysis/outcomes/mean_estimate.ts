/** The mean over discussions, with the interval of Student's t. */
import { criticalValue, type Interval, intervalAround } from "../statistics/distributions.ts";
import { mean, notComputable, sampleVariance } from "../statistics/moments.ts";
import { type Unavailable, unavailable } from "../statistics/unavailable.ts";

/** A standard deviation below this share of the mean is rounding. */
const ROUNDING = 1e-12;

/** A mean over discussions. */
export type MeanEstimate = Readonly<{
  /** Discussions with a value. */
  discussions: number;
  mean: number | Unavailable;
  interval: Interval | Unavailable;
}>;

/**
 * The mean of one value a discussion, and its interval.
 *
 * @param values The values.
 * @param level The level of the interval.
 * @returns The mean, and what is around it; why there is none where there are too few values.
 */
export function meanEstimate(values: readonly number[], level: number): MeanEstimate {
  const discussions = values.length;
  const wrong = discussions === 0 ? "no discussion has a value" : notComputable(values, "value");
  if (wrong !== undefined) return { discussions, mean: unavailable(wrong), interval: unavailable(wrong) };
  const estimate = mean(values);
  const without = (reason: string) => ({ discussions, mean: estimate, interval: unavailable(reason) });
  if (discussions === 1) return without("there is one discussion: how discussions differ cannot be told");
  const deviation = Math.sqrt(sampleVariance(values));
  if (deviation <= ROUNDING * Math.abs(estimate)) return without("all discussions have the same value");
  const reach = criticalValue(level, discussions - 1) * deviation / Math.sqrt(discussions);
  return { discussions, mean: estimate, interval: intervalAround(estimate, reach, level) };
}
