/** How many random draws tests and bootstraps make. Large samples get fewer, because each draw takes longer. */

/** Samples with up to this many discussions get all draws. */
export const ALL_DRAWS_MAX = 20_000;

/** A number of draws: `most`, fewer for large samples, but never fewer than `least`. */
export type DrawCount = Readonly<{ most: number; least: number }>;

/**
 * The number of draws if all draws together may have at most `limit` parts, such as drawn discussions.
 *
 * @param each The number of parts of one draw.
 */
export function affordable({ most, least }: DrawCount, each: number, limit: number): number {
  return Math.min(most, Math.max(least, Math.floor(limit / each)));
}

/**
 * The number of draws for a sample. Above {@linkcode ALL_DRAWS_MAX} discussions, all draws together have as many
 * discussions as `most` draws of {@linkcode ALL_DRAWS_MAX}.
 *
 * @param wanted A number is used as it is.
 */
export function drawsFor(wanted: number | DrawCount, discussions: number): number {
  return typeof wanted === "number" ? wanted : affordable(wanted, discussions, wanted.most * ALL_DRAWS_MAX);
}
