/** What axes span. */

/** Room beside the outermost values, as a share of what they span. */
const ROOM = 0.04;

/**
 * The values that an axis spans.
 *
 * @param values What is shown.
 * @returns Its ends: around a single value as well, and from 0 to 1 for none.
 */
export function domainOf(values: readonly number[]): [number, number] {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const value of values) {
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  if (lowest > highest) return [0, 1];
  const room = lowest === highest ? Math.abs(lowest) * 0.1 || 0.5 : (highest - lowest) * ROOM;
  return [lowest - room, highest + room];
}

/** About how many marks an axis of whole numbers can have, so that none lies between them. */
export function wholeTicks(lowest: number, highest: number, most: number): number {
  return Math.max(1, Math.min(most, Math.floor(highest - lowest)));
}
