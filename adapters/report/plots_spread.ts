/** Where dots go that would cover each other: the same for the same dots, without chance. */

/**
 * Stacks dots to both sides of a line wherever several have about the same place on it.
 *
 * @param places Where they are along the line, in pixels.
 * @param diameter How wide a dot is.
 * @param height What the stacks may take; where they are higher, their dots overlap.
 * @returns How far each dot is from the line, in the order of the places.
 *
 * @example
 * ```ts
 * import { spread } from "./plots_spread.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(spread([10, 10, 50], 4, 20), [-2, 2, 0]);
 * ```
 */
export function spread(places: readonly number[], diameter: number, height: number): readonly number[] {
  const stacks = new Map<number, number[]>();
  places.forEach((place, index) => {
    const bin = Math.round(place / diameter);
    const stack = stacks.get(bin);
    if (stack === undefined) stacks.set(bin, [index]);
    else stack.push(index);
  });
  const offsets = new Array<number>(places.length).fill(0);
  for (const stack of stacks.values()) {
    const step = Math.min(diameter, (height - diameter) / Math.max(1, stack.length - 1));
    stack.forEach((index, place) => offsets[index] = (place - (stack.length - 1) / 2) * step);
  }
  return offsets;
}
