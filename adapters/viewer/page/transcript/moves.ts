/** Where the keys lead from a comment. */
import type { Slot } from "../../../../analysis/projections/mod.ts";

/**
 * The nearest position after `from` that fits, or before `from` if `step` is -1; `null` if there is none. If
 * `from` is `null`, the search begins at the first slot, or at the last slot.
 */
export function nextPosition(
  slots: readonly Slot[],
  from: number | null,
  { step, fits = () => true }: Readonly<{ step: 1 | -1; fits?: (slot: Slot) => boolean }>,
): number | null {
  const start = from ?? (step === 1 ? -1 : slots.length);
  for (let at = start + step; at >= 0 && at < slots.length; at += step) {
    if (fits(slots[at]!)) return at;
  }
  return null;
}

/**
 * The same as `nextPosition()`, but after the last slot the search continues at the first slot, and vice
 * versa.
 */
export function nextAround(
  slots: readonly Slot[],
  from: number | null,
  options: Readonly<{ step: 1 | -1; fits: (slot: Slot) => boolean }>,
): number | null {
  return nextPosition(slots, from, options) ?? nextPosition(slots, null, options);
}
