/** Bounds of what an experiment file can ask for; far beyond any sensible use, so that slips are found. */

/** Most turns of one discussion. */
export const TURNS_MAX = 100_000;

/** Most comments that a prompt can show; `all` is without bound. */
export const HISTORY_MAX = 100_000;

/** Most participants of one discussion. */
export const PARTICIPANTS_MAX = 10_000;

/** Most discussions of one condition. */
export const REPLICATIONS_MAX = 10_000_000;

/** Most combinations of levels, crossed and varied ones together: each is checked before anything runs. */
export const COMBINATIONS_MAX = 10_000;

/** Most texts at which a reply ends. */
export const STOPS_MAX = 16;

/** How deeply values can be nested in each other. */
export const NESTING_MAX = 100;

/** Longest label of a level, in characters; it stands in file names and tables. */
export const LABEL_LENGTH_MAX = 100;

/** How deeply values are nested in each other. */

/** Whether a value has more than so many levels; code that walks through it relies on there being fewer. */
export function isNestedDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isNestedDeeper(inner, levels - 1));
}
