/** Effect sizes: differences without a unit. */
import type { Interval } from "./interval.ts";

/** A difference without a unit, above 0 where the values are above those of the reference. */
export type EffectSize = Readonly<{ estimate: number; interval: Interval; standardError: number }>;
