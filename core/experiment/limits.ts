/** Limits of an experiment file. They are far above all sensible values, so that they find typing errors. */

export const TURNS_MAX = 100_000;
/** The most comments that a file can ask a prompt to show. With `all`, there is no limit. */
export const HISTORY_MAX = 100_000;

export const PARTICIPANTS_MAX = 10_000;
export const REPLICATIONS_MAX = 10_000_000;

/** The most combinations of crossed and varied levels. Each combination is checked before the run begins. */
export const COMBINATIONS_MAX = 10_000;

export const STOPS_MAX = 16;
export const NESTING_MAX = 100;

/** Longest label of a level, in characters. File names and tables show labels. */
export const LABEL_LENGTH_MAX = 100;

/**
 * If a text is too long for a label, the label has its first words, with at most this number of characters.
 */
export const SHORT_LABEL_LENGTH_MAX = 40;

/** Whether a value is nested more deeply than `levels`. Recursive code needs this limit. */
export function isNestedDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isNestedDeeper(inner, levels - 1));
}
