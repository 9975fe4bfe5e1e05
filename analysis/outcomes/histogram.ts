/** How often values occur: histograms whose bins are those of all groups together. */
import { quantile } from "../statistics/distributions.ts";

/** The fewest bins. */
export const BINS_MIN = 5;
/** The most bins. */
export const BINS_MAX = 30;

/** A bin, from `from` on and below `to`; the last one holds its upper bound. */
export type Bin = Readonly<{ from: number; to: number }>;

/**
 * Bins of equal width by the rule of Freedman and Diaconis (1981), twice the distance of the quartiles over the cube root
 * of the number of values, from {@linkcode BINS_MIN} to {@linkcode BINS_MAX} of them.
 *
 * @param values All values, finite.
 * @returns Bins from the least value to the greatest; none where these do not differ.
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
 * One bin for each step of a scale of whole numbers: a value between two steps is in the bin of the nearer, the higher of
 * two equally near.
 *
 * @param min The first step.
 * @param max The last.
 */
export function stepBins(min: number, max: number): readonly Bin[] {
  return Array.from(
    { length: max - min + 1 },
    (_, step) => ({ from: min + step - 0.5, to: min + step + 0.5 }),
  );
}

/**
 * The share of the values that are in each bin.
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
    // Rounding can put a value beside its bin.
    let at = Math.max(near, 0);
    while (at > 0 && value < bins[at]!.from) at--;
    while (at < bins.length - 1 && value >= bins[at]!.to) at++;
    counts[at]!++;
  }
  return counts.map((count) => count / values.length);
}
