/** How an outcome goes through a discussion. */
import { mean } from "../statistics/moments.ts";
import { type MeanEstimate, meanEstimate } from "./mean_estimate.ts";
import type { OutcomeValue } from "./outcome.ts";

/** More places than these are put together in bins of equal width. */
export const PLACES_MAX = 40;

/** A place of a discussion, or several in a row, and what the outcome is there. */
export type TimePoint =
  & Readonly<{
    /** The first place and the last. */
    from: number;
    to: number;
  }>
  & MeanEstimate;

/**
 * How many places in a row are taken together so that there are no more than {@linkcode PLACES_MAX}.
 *
 * @param lists The values of each discussion.
 * @returns 1 where each place stands for itself.
 */
export function placesPerBin(lists: readonly (readonly OutcomeValue[])[]): number {
  const last = lists.flat().reduce((max, { time }) => Math.max(max, time ?? 0), 0);
  return Math.ceil((last + 1) / PLACES_MAX);
}

/**
 * The mean over discussions at each place. A discussion with several values at a place counts with their mean.
 *
 * @param lists The values of each discussion; those that have no place are left out.
 * @param width How many places in a row are taken together.
 * @param level The level of the intervals.
 * @returns The places at which there is a value, in order.
 */
export function timeCourse(
  lists: readonly (readonly OutcomeValue[])[],
  width: number,
  level: number,
): readonly TimePoint[] {
  const bins = new Map<number, number[]>();
  for (const list of lists) {
    const placed = list.filter((entry) => entry.time !== null);
    for (const [bin, entries] of Map.groupBy(placed, ({ time }) => Math.floor(time! / width))) {
      const means = bins.get(bin) ?? [];
      means.push(mean(entries.map(({ value }) => value)));
      bins.set(bin, means);
    }
  }
  return [...bins].sort(([one], [other]) => one - other).map(([bin, means]) => ({
    from: bin * width,
    to: bin * width + width - 1,
    ...meanEstimate(means, level),
  }));
}
