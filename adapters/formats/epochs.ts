/** Numbers that are likely to be times since 1970. */

/** Column names that speak of time. */
export const TIME_NAME = /dat|time|creat|post|day|sent|publish|utc|^ts$/i;

/** The smallest seconds, milliseconds, microseconds and nanoseconds since 1970 that a file is likely to hold, of 1973. */
const EPOCHS: readonly (readonly [unit: string, from: number])[] = [
  ["seconds", 1e8],
  ["milliseconds", 1e11],
  ["microseconds", 1e14],
  ["nanoseconds", 1e17],
];

/** The largest of each unit is of the year 2286. */
const EPOCH_RANGE = 100;

/** The unit of a time since 1970; empty where the number is not likely to be one. */
export function epochOf(number: string): string {
  const size = Number(number);
  return EPOCHS.find(([, from]) => size >= from && size < from * EPOCH_RANGE)?.[0] ?? "";
}
