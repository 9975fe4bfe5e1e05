/** Limits of an experiment file. They are far above any sensible use, so they find typing errors. */

export const TURNS_MAX = 100_000;
/** Most comments that a prompt can show; `all` has no limit. */
export const HISTORY_MAX = 100_000;

export const PARTICIPANTS_MAX = 10_000;
export const REPLICATIONS_MAX = 10_000_000;

/** Most combinations of crossed and varied levels: each is checked before anything runs. */
export const COMBINATIONS_MAX = 10_000;

export const STOPS_MAX = 16;
export const NESTING_MAX = 100;

/** Longest label of a level, in characters. File names and tables show labels. */
export const LABEL_LENGTH_MAX = 100;

/** The label of a longer text has its first words, up to this many characters. */
export const SHORT_LABEL_LENGTH_MAX = 40;

/** Whether a value has more nested levels than the limit. Recursive code relies on the limit. */
export function isNestedDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isNestedDeeper(inner, levels - 1));
}
