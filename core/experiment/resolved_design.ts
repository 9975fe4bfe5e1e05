/** What the description of an experiment that a run keeps says of its design. */
import type { Json } from "../json.ts";
import { isRecord } from "./document.ts";

/** The part of a design that analysis needs. */
export type ResolvedDesign = Readonly<{
  /** Factor → the labels of its levels, in the order of the experiment file. */
  levels: Readonly<Record<string, readonly string[]>>;
  /** Whether the conditions of a replicate share their draws; `null` where that is not said. */
  matched: boolean | null;
}>;

/**
 * Reads the design from what `experimentDocument` gave.
 *
 * @param resolved The description; that of imported discussions says nothing.
 */
export function resolvedDesign(resolved: Readonly<Record<string, Json>>): ResolvedDesign {
  const { factors, matched } = recordOf(resolved.design);
  const levels = Object.entries(recordOf(factors)).map(([factor, levels]) => [
    factor,
    (Array.isArray(levels) ? levels : []).map((level) => recordOf(level).label)
      .filter((label) => typeof label === "string"),
  ]);
  return { levels: Object.fromEntries(levels), matched: typeof matched === "boolean" ? matched : null };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}
