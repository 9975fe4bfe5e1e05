/** Describes values: mean, interval, spread, histogram, and the change of the mean through a discussion. */
import { type BootstrapOptions, bootstrapSums } from "../statistics/cluster_bootstrap.ts";
import {
  criticalValue,
  type Interval,
  intervalAround,
  mean,
  notComputable,
  quantile,
  sampleVariance,
} from "../statistics/distributions.ts";
import { isUnavailable, type Unavailable, unavailable } from "../statistics/unavailable.ts";
import type { OutcomeValues } from "./outcome_values.ts";

/** Figures that describe the values of some discussions, in the unit of the values. */
export type Description = Readonly<{
  /** Discussions with a value. */
  discussions: number;
  values: number;
  /** The mean of all values: a discussion with more values has more weight. */
  mean: number | Unavailable;
  /** The confidence interval of the mean. */
  interval: Interval | Unavailable;
  /** The standard deviation of the values. */
  deviation: number | Unavailable;
  /** The standard deviation of the discussions' means. */
  deviationBetween: number | Unavailable;
  median: number | Unavailable;
  least: number | Unavailable;
  greatest: number | Unavailable;
}>;

/** Computes the interval of a mean. `lists` has the values of each discussion, at least one. */
export type IntervalOf = (lists: readonly (readonly number[])[]) => Interval | Unavailable;

/** Intervals of the cluster bootstrap over discussions. */
export function bootstrapped(options: BootstrapOptions): IntervalOf {
  return (lists) => {
    const sums = Float64Array.from(lists, sumOf);
    const counts = Float64Array.from(lists, ({ length }) => length);
    const found = counts.every((count) => count === counts[0])
      ? bootstrapSums([sums], ([sum]) => sum! / (counts.length * counts[0]!), options)
      : bootstrapSums([sums, counts], ([sum, count]) => sum! / count!, options);
    return isUnavailable(found) ? found : found.interval;
  };
}

/** Intervals of Student's t, for outcomes with one value per discussion. */
export function ofStudentsT(level: number): IntervalOf {
  return (lists) => meanEstimate(lists.map(mean), level).interval;
}

/**
 * Describes values.
 *
 * @param lists The values of each discussion; discussions without values are left out.
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

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function deviationOf(values: readonly number[], single: string): number | Unavailable {
  return values.length < 2 ? unavailable(single) : Math.sqrt(sampleVariance(values));
}

/** A standard deviation up to this share of the mean is only rounding, so all values are equal. */
const ROUNDING = 1e-12;

/** A mean over discussions. */
export type MeanEstimate = Readonly<{
  /** Discussions with a value. */
  discussions: number;
  mean: number | Unavailable;
  interval: Interval | Unavailable;
}>;

/** The mean over discussions with one value each, and its interval. */
export function meanEstimate(values: readonly number[], level: number): MeanEstimate {
  const discussions = values.length;
  const wrong = discussions === 0 ? "no discussion has a value" : notComputable(values, "value");
  if (wrong !== undefined) return { discussions, mean: unavailable(wrong), interval: unavailable(wrong) };
  const estimate = mean(values);
  const without = (reason: string) => ({ discussions, mean: estimate, interval: unavailable(reason) });
  if (discussions === 1) {
    return without("there is one discussion, so the variance between discussions cannot be estimated");
  }
  const deviation = Math.sqrt(sampleVariance(values));
  if (deviation <= ROUNDING * Math.abs(estimate)) return without("all discussions have the same value");
  const reach = criticalValue(level, discussions - 1) * deviation / Math.sqrt(discussions);
  return { discussions, mean: estimate, interval: intervalAround(estimate, reach, level) };
}

/** A histogram has at least this many bins. */
export const BINS_MIN = 5;
/** A histogram has at most this many bins. */
export const BINS_MAX = 30;

/** A bin contains the values from `from` up to `to`. `to` itself belongs to the next bin, or to the last one. */
export type Bin = Readonly<{ from: number; to: number }>;

/**
 * Bins of equal width by the rule of Freedman and Diaconis (1981): the width is twice the interquartile range,
 * divided by the cube root of the number of values. There are {@linkcode BINS_MIN} to {@linkcode BINS_MAX} bins.
 *
 * @returns Bins from the smallest to the largest value; no bins if all values are equal.
 */
export function binsOf(values: readonly number[]): readonly Bin[] {
  if (values.length === 0) return [];
  const sorted = Float64Array.from(values).sort();
  const [least, greatest] = [sorted[0]!, sorted.at(-1)!];
  const width = 2 * (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / Math.cbrt(values.length);
  const wanted = width > 0 ? Math.ceil((greatest - least) / width) : BINS_MAX;
  const count = Math.min(Math.max(wanted, BINS_MIN), BINS_MAX);
  const edge = (at: number) => at === count ? greatest : least + (greatest - least) * at / count;
  const bins = Array.from({ length: count }, (_, at) => ({ from: edge(at), to: edge(at + 1) }));
  return bins.every(({ from, to }) => from < to) ? bins : [];
}

/**
 * At most {@linkcode BINS_MAX} bins for whole numbers. All bins have the same width, a whole number.
 *
 * @returns The first bin begins 0.5 below the smallest value. No bins if all values are equal.
 */
export function wholeBins(values: readonly number[]): readonly Bin[] {
  const least = values.reduce((min, value) => Math.min(min, value), Infinity);
  const greatest = values.reduce((max, value) => Math.max(max, value), -Infinity);
  if (!(least < greatest)) return [];
  const size = greatest - least + 1;
  const width = Math.ceil(size / BINS_MAX);
  return Array.from({ length: Math.ceil(size / width) }, (_, at) => {
    const from = least - 0.5 + at * width;
    return { from, to: from + width };
  });
}

/**
 * One bin for each step of a scale of whole numbers. A value between two steps is in the bin of the nearer
 * step. A value exactly in the middle is in the bin of the higher step.
 */
export function stepBins(min: number, max: number): readonly Bin[] {
  return Array.from(
    { length: max - min + 1 },
    (_, step) => ({ from: min + step - 0.5, to: min + step + 0.5 }),
  );
}

/**
 * For each bin, the share of the values that are in it.
 *
 * @param values At least one value, each in one of the bins.
 * @param bins Bins of equal width, in order, without gaps.
 * @returns Shares that sum to 1.
 */
export function sharesIn(values: readonly number[], bins: readonly Bin[]): readonly number[] {
  const counts = bins.map(() => 0);
  const [first, last] = [bins[0]!.from, bins.at(-1)!.to];
  for (const value of values) {
    const near = Math.min(Math.floor((value - first) / (last - first) * bins.length), bins.length - 1);
    // Rounding can make this index wrong by one, so it is corrected below.
    let at = Math.max(near, 0);
    while (at > 0 && value < bins[at]!.from) at--;
    while (at < bins.length - 1 && value >= bins[at]!.to) at++;
    counts[at]!++;
  }
  return counts.map((count) => count / values.length);
}

/**
 * A course through a discussion has at most this many points. In longer discussions, a point covers several
 * times.
 */
export const PLACES_MAX = 40;

/** The mean of an outcome at one time in discussions (a turn or a position), or over several successive times. */
export type TimePoint =
  & Readonly<{
    /** The first and the last time that the point covers. */
    from: number;
    to: number;
  }>
  & MeanEstimate;

/** How many successive times a point covers, so that there are at most {@linkcode PLACES_MAX} points. */
export function placesPerBin({ times }: Pick<OutcomeValues, "times">): number {
  const last = times.reduce((max, time) => time > max ? time : max, 0);
  return Math.ceil((last + 1) / PLACES_MAX);
}

/**
 * For each point, the mean over discussions of the discussion's mean value at this point.
 *
 * @param discussions The indices of the discussions that count.
 */
export function timeCourse(
  { starts, values, times }: Omit<OutcomeValues, "positions">,
  discussions: readonly number[],
  { width, level }: Readonly<{ width: number; level: number }>,
): readonly TimePoint[] {
  const bins = new Map<number, number[]>();
  for (const discussion of times.length === 0 ? [] : discussions) {
    const own = new Map<number, { sum: number; count: number }>();
    for (let at = starts[discussion]!; at < starts[discussion + 1]!; at++) {
      if (Number.isNaN(times[at])) continue;
      const bin = Math.floor(times[at]! / width);
      const found = own.get(bin) ?? { sum: 0, count: 0 };
      own.set(bin, found);
      found.sum += values[at]!;
      found.count++;
    }
    for (const [bin, { sum, count }] of own) {
      const means = bins.get(bin) ?? [];
      means.push(sum / count);
      bins.set(bin, means);
    }
  }
  return [...bins].sort(([one], [other]) => one - other).map(([bin, means]) => ({
    from: bin * width,
    to: bin * width + width - 1,
    ...meanEstimate(means, level),
  }));
}
