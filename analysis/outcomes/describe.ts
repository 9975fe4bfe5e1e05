/** What the values of some discussions are like. */
import { type BootstrapOptions, clusterBootstrap } from "../statistics/cluster_bootstrap.ts";
import { type Interval, quantile } from "../statistics/distributions.ts";
import { mean, notComputable, sampleVariance } from "../statistics/moments.ts";
import { isUnavailable, type Unavailable, unavailable } from "../statistics/unavailable.ts";
import { meanEstimate } from "./mean_estimate.ts";

/** Values of some discussions, described. Figures are in the unit of the values. */
export type Description = Readonly<{
  /** Discussions with a value. */
  discussions: number;
  values: number;
  /** The mean of all values: a discussion with more of them weighs more. */
  mean: number | Unavailable;
  /** The interval of that mean. */
  interval: Interval | Unavailable;
  /** The standard deviation of the values. */
  deviation: number | Unavailable;
  /** The standard deviation of the discussions' means. */
  deviationBetween: number | Unavailable;
  median: number | Unavailable;
  least: number | Unavailable;
  greatest: number | Unavailable;
}>;

/** How the interval of a mean is made of the values of each discussion, each having one at the least. */
export type IntervalOf = (lists: readonly (readonly number[])[]) => Interval | Unavailable;

/**
 * The interval that the cluster bootstrap over discussions gives.
 *
 * @param options The seed, the resamples and the level.
 */
export function bootstrapped(options: BootstrapOptions): IntervalOf {
  return (lists) => {
    const found = clusterBootstrap(lists.map(sumOf), meanOfSums, options);
    return isUnavailable(found) ? found : found.interval;
  };
}

/**
 * The interval of Student's t, for outcomes with one value a discussion.
 *
 * @param level The level of confidence.
 */
export function ofStudentsT(level: number): IntervalOf {
  return (lists) => meanEstimate(lists.map(mean), level).interval;
}

/**
 * Describes values.
 *
 * @param lists The values of each discussion; discussions without any are left out.
 * @param intervalOf How the interval of the mean is made.
 */
export function describe(lists: readonly (readonly number[])[], intervalOf: IntervalOf): Description {
  const given = lists.filter((list) => list.length > 0);
  const all = given.flat();
  const counts = { discussions: given.length, values: all.length };
  const wrong = all.length === 0 ? "there are no values" : notComputable(all, "value");
  if (wrong !== undefined) {
    const none = unavailable(wrong);
    return {
      ...counts,
      mean: none,
      interval: none,
      deviation: none,
      deviationBetween: none,
      median: none,
      least: none,
      greatest: none,
    };
  }
  const sorted = Float64Array.from(all).sort();
  return {
    ...counts,
    mean: mean(all),
    interval: intervalOf(given),
    deviation: deviationOf(all, "there is one value"),
    deviationBetween: deviationOf(given.map(mean), "there is one discussion"),
    median: quantile(sorted, 0.5),
    least: sorted[0]!,
    greatest: sorted.at(-1)!,
  };
}

type Sum = Readonly<{ sum: number; count: number }>;

function sumOf(values: readonly number[]): Sum {
  return { sum: values.reduce((sum, value) => sum + value, 0), count: values.length };
}

function meanOfSums(sums: readonly Sum[]): number {
  let [total, values] = [0, 0];
  for (const { sum, count } of sums) {
    total += sum;
    values += count;
  }
  return total / values;
}

function deviationOf(values: readonly number[], single: string): number | Unavailable {
  return values.length < 2 ? unavailable(single) : Math.sqrt(sampleVariance(values));
}
