/** The values of an outcome, kept as lists of numbers. Reports read millions of values, too many for one object each. */
import { mean } from "../statistics/distributions.ts";

/** One value of an outcome. */
export type OutcomeValue = Readonly<{
  value: number;
  /**
   * The time in the discussion: a turn or a position, as the analysis says. `null` for a figure of the whole
   * discussion, and for a comment without a turn.
   */
  time: number | null;
  /** The position of the comment's slot in its discussion; `null` for a figure of the whole discussion. */
  position: number | null;
}>;

/** The values of an outcome in some discussions. A discussion can have no value. */
export type OutcomeValues = Readonly<{
  /** For each discussion, the index of its first value; at the end, the number of all values. */
  starts: Uint32Array;
  /** The values of all discussions, in the order of the discussions and their comments. */
  values: Float64Array;
  /** The time and the position of each value, NaN for `null`. Both are empty for figures of whole discussions. */
  times: Float64Array;
  positions: Float64Array;
}>;

/** The values of an outcome as lists, which can be stored as JSON. */
export type StoredValues = Readonly<{
  /** For each discussion, the number of its values. */
  counts: readonly number[];
  /** The values of all discussions, in the order of the discussions and their comments. */
  values: readonly number[];
  /** The time and the position of each value. Both are empty for figures of whole discussions. */
  times: readonly (number | null)[];
  positions: readonly number[];
}>;

/** {@linkcode StoredValues} that grow, one discussion after another. */
export type GrowingValues = Readonly<{ [Key in keyof StoredValues]: StoredValues[Key][number][] }>;

/** The lists before the first discussion. */
export function noValues(): GrowingValues {
  return { counts: [], values: [], times: [], positions: [] };
}

/** Adds the values of the next discussion. Either all values of an outcome have a position, or none has. */
export function addValues(
  { counts, values, times, positions }: GrowingValues,
  list: readonly OutcomeValue[],
): void {
  counts.push(list.length);
  for (const { value, time, position } of list) {
    values.push(value);
    if (position === null) continue;
    times.push(time);
    positions.push(position);
  }
}

/** The values that were added to the lists. */
export function valuesAdded(
  { counts, values, times, positions }: StoredValues,
): OutcomeValues {
  const starts = new Uint32Array(counts.length + 1);
  for (const [discussion, count] of counts.entries()) starts[discussion + 1] = starts[discussion]! + count;
  return {
    starts,
    values: Float64Array.from(values),
    times: Float64Array.from(times, (time) => time ?? NaN),
    positions: Float64Array.from(positions),
  };
}

/**
 * The values of discussions.
 *
 * @param lists One list for each discussion.
 */
export function outcomeValues(lists: Iterable<readonly OutcomeValue[]>): OutcomeValues {
  const all = noValues();
  for (const list of lists) addValues(all, list);
  return valuesAdded(all);
}

/** The number of values of a discussion, which is given by its index. */
export function countIn({ starts }: Pick<OutcomeValues, "starts">, discussion: number): number {
  return starts[discussion + 1]! - starts[discussion]!;
}

/** The values of a discussion without their times. */
export function numbersIn(
  { starts, values }: Pick<OutcomeValues, "starts" | "values">,
  discussion: number,
): number[] {
  const numbers: number[] = [];
  for (let at = starts[discussion]!; at < starts[discussion + 1]!; at++) numbers.push(values[at]!);
  return numbers;
}

/** The values of a discussion. */
export function listIn(
  { starts, values, times, positions }: OutcomeValues,
  discussion: number,
): OutcomeValue[] {
  const of = (numbers: Float64Array, at: number) =>
    numbers.length === 0 || Number.isNaN(numbers[at]) ? null : numbers[at]!;
  return Array.from({ length: countIn({ starts }, discussion) }, (_, place) => {
    const at = starts[discussion]! + place;
    return { value: values[at]!, time: of(times, at), position: of(positions, at) };
  });
}

/** The values of each discussion, as lists. */
export function listsIn(values: OutcomeValues): OutcomeValue[][] {
  return Array.from({ length: values.starts.length - 1 }, (_, discussion) => listIn(values, discussion));
}

/** The means of discussions. */
export type DiscussionMeans = Readonly<{
  /** The mean of each discussion's values; NaN without values. */
  means: Float64Array;
  /** How many values each mean is of. */
  counts: Uint32Array;
}>;

/** The mean of each discussion's values. */
export function meansOf({ starts, values }: Pick<OutcomeValues, "starts" | "values">): DiscussionMeans {
  const means = new Float64Array(starts.length - 1);
  for (const discussion of means.keys()) {
    means[discussion] = mean(values.subarray(starts[discussion], starts[discussion + 1]));
  }
  return { means, counts: Uint32Array.from(means, (_, discussion) => countIn({ starts }, discussion)) };
}

/**
 * The values of some discussions, which can be named several times.
 *
 * @param discussions The indices of discussions.
 */
export function valuesOf(from: OutcomeValues, discussions: readonly number[]): OutcomeValues {
  return outcomeValues(discussions.values().map((discussion) => listIn(from, discussion)));
}

/** The values of a model: the values of comments, or of means with the number of values that each is of. */
export type ModelValues = Omit<OutcomeValues, "positions"> & Readonly<{ of?: Uint32Array }>;

/**
 * The mean of each discussion, as the only value of the discussion.
 *
 * @param counts Whether a discussion counts.
 */
export function meanValues(
  values: OutcomeValues,
  counts: (discussion: number) => boolean = () => true,
): ModelValues {
  const { means, counts: of } = meansOf(values);
  const used = [...means.keys()].filter((discussion) => of[discussion]! > 0 && counts(discussion));
  const starts = new Uint32Array(values.starts.length);
  for (const discussion of used) starts[discussion + 1] = 1;
  for (const at of means.keys()) starts[at + 1]! += starts[at]!;
  return {
    starts,
    values: Float64Array.from(used, (discussion) => means[discussion]!),
    times: new Float64Array(),
    of: Uint32Array.from(used, (discussion) => of[discussion]!),
  };
}
