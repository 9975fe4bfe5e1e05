/** The largest disagreement in a discussion. */
import type { Scale, ScaleValue } from "../../core/annotation/scales/mod.ts";
import { type DiscussionSlots, entryOf, type Slot } from "../projections/mod.ts";
import { disagreement } from "./disagreement.ts";

/**
 * The largest {@linkcode disagreement} about a comment or a silent turn, from 0 to 1. Only values on the same
 * scale of the same pass are compared.
 *
 * @returns `null` if there are no two values to compare.
 */
export function largestDisagreement({ slots, passes }: DiscussionSlots): number | null {
  const scales = new Map<string, ReadonlyMap<string, Scale>>();
  for (const [pass, { design: { codebook } }] of passes) {
    scales.set(pass, new Map(codebook.scales.map((scale) => [scale.name, scale])));
  }
  let largest: number | null = null;
  for (const slot of slots) {
    for (const { scale, values } of valuesOf(slot, scales)) {
      const found = disagreement(values, scale);
      // Imported values can lie outside their scale, so the disagreement could be larger than 1.
      if (found !== null) largest = Math.min(1, Math.max(largest ?? 0, found));
    }
  }
  return largest;
}

type Values = { scale: Scale; values: ScaleValue[] };

function valuesOf(
  { annotations }: Slot,
  scales: ReadonlyMap<string, ReadonlyMap<string, Scale>>,
): Iterable<Values> {
  const found = new Map<string, Values>();
  for (const { pass, values } of annotations) {
    for (const [name, value] of Object.entries(values ?? {})) {
      const scale = scales.get(pass)?.get(name);
      if (scale === undefined) continue;
      entryOf(found, `${pass}\n${name}`, () => ({ scale, values: [] })).values.push(value);
    }
  }
  return found.values();
}
