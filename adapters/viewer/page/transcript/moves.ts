/** Where the keys lead from a comment. */
import type { Slot } from "../../../../analysis/projections/mod.ts";

/** The next position after `from` that fits, or before it; `null` if there is none. Without `from`, the search begins at an end. */
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

/** The next position that fits after `from`, or the first one that fits if there is none after it. */
export function nextAround(
  slots: readonly Slot[],
  from: number | null,
  options: Readonly<{ step: 1 | -1; fits: (slot: Slot) => boolean }>,
): number | null {
  return nextPosition(slots, from, options) ?? nextPosition(slots, null, options);
}
