/** What the values of some discussions are like. */
import { type BootstrapOptions, clusterBootstrap } from "../cluster_bootstrap.ts";
import { type Interval, quantile } from "../interval.ts";
import { mean, notComputable, sampleVariance } from "../moments.ts";
import { isUnavailable, type Unavailable, unavailable } from "../unavailable.ts";

/** Values of some discussions, described. Figures are in the unit of the values. */
export type Description = Readonly<{
  /** Discussions with a value. */
  discussions: number;
  values: number;
  /** The mean of all values: a discussion with more of them weighs more. */
  mean: number | Unavailable;
  /** The interval of that mean, from the cluster bootstrap over discussions. */
  interval: Interval | Unavailable;
  /** The standard deviation of the values. */
  deviation: number | Unavailable;
  /** The standard deviation of the discussions' means. */
  deviationBetween: number | Unavailable;
  median: number | Unavailable;
  least: number | Unavailable;
  greatest: number | Unavailable;
}>;

/**
 * Describes values.
 *
 * @param lists The values of each discussion; discussions without any are left out.
 * @param options The seed, the resamples and the level of the interval.
 */
export function describe(lists: readonly (readonly number[])[], options: BootstrapOptions): Description {
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
  const bootstrap = clusterBootstrap(given.map(sumOf), meanOfSums, options);
  return {
    ...counts,
    mean: mean(all),
    interval: isUnavailable(bootstrap) ? bootstrap : bootstrap.interval,
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
