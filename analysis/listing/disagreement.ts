/** How far annotators disagree about one comment. */
import { type Scale, scaleTypeOf, type ScaleValue } from "../../core/annotation/scales/mod.ts";

/** The smallest and the largest value of a scale. A yes-or-no scale has 0 and 1. `null` for labels and free text. */
export function scaleLimits(scale: Scale): Readonly<{ min: number; max: number }> | null {
  switch (scale.type) {
    case "ordinal":
    case "interval":
      return { min: scale.min, max: scale.max };
    case "boolean":
      return { min: 0, max: 1 };
    default:
      return null;
  }
}

/**
 * The difference between the largest and the smallest value of a comment, as a share of the scale's range: from
 * 0 to 1. For labels, and for yes and no: 0 if all values are equal, else 1.
 *
 * @param values One value for each annotator.
 * @returns `null` for fewer than two values, and for free text.
 *
 * @example
 * ```ts
 * import { disagreement } from "./disagreement.ts";
 * import assert from "node:assert/strict";
 *
 * const scale = { name: "toxicity", type: "ordinal", min: 1, max: 5, question: "How toxic is it?" } as const;
 * assert.equal(disagreement([2, 5, 4], scale), 0.75);
 * ```
 */
export function disagreement(values: readonly ScaleValue[], scale: Scale): number | null {
  if (values.length < 2 || scaleTypeOf(scale).maxLength !== undefined) return null;
  const limits = scaleLimits(scale);
  const numbers = values.filter((value) => typeof value === "number");
  if (limits === null || scale.type === "boolean" || numbers.length < values.length) {
    return new Set(values).size > 1 ? 1 : 0;
  }
  const width = limits.max - limits.min;
  return width > 0 ? (Math.max(...numbers) - Math.min(...numbers)) / width : 0;
}
