/** What axes span, and how they look. */
import type { Markish } from "@observablehq/plot";
import { labelWidth } from "./plots_label.ts";
import type { PlotLibrary } from "./plots_library.ts";

/** Room beside the outermost values, as a share of what they span. */
const ROOM = 0.04;

/** Values that differ by no more than this share of their size differ by rounding alone. */
const SAME = 1e-9;

/** About how many marks an axis has at most; the plotting library can draw half as many again. */
const TICKS_MAX = 7;

/** Pixels between labels. */
const TICK_GAP = 28;

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
  const size = Math.max(Math.abs(lowest), Math.abs(highest));
  const room = highest - lowest <= size * SAME ? size * 0.1 || 0.5 : (highest - lowest) * ROOM;
  return [lowest - room, highest + room];
}

/** About how many marks an axis of whole numbers can have, so that none lies between them. */
export function wholeTicks(lowest: number, highest: number, most: number): number {
  return Math.max(1, Math.min(most, Math.floor(highest - lowest)));
}

/**
 * How wide the widest label of an axis is, about.
 *
 * @param domain What the axis spans.
 * @param ticks About how many marks it has.
 * @returns Pixels.
 */
export function tickWidth([lowest, highest]: readonly [number, number], ticks: number): number {
  const decimals = Math.min(Math.max(0, -Math.floor(Math.log10((highest - lowest) / ticks))), 20);
  return Math.max(
    ...[lowest, highest].map((value) =>
      labelWidth(
        value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }),
      )
    ),
  );
}

/**
 * About how many marks an axis across a plot can have without labels that touch.
 *
 * @param domain What the axis spans.
 * @param width In pixels.
 */
export function ticksThatFit(domain: readonly [number, number], width: number): number {
  const room = Math.floor(width / (tickWidth(domain, TICKS_MAX) + TICK_GAP));
  return Math.min(Math.max(2, room), TICKS_MAX);
}

/** The axis below a plot. @param ticks About how many marks it has. */
export function acrossAxis(library: PlotLibrary, ticks: number): Markish {
  return library.axisX({ ticks, tickSize: 4, label: null, fill: "var(--soft)", stroke: "var(--soft)" });
}

/**
 * The axis at the left of a plot, with lines across.
 *
 * @param ticks About how many marks it has.
 * @param tickFormat How values are written; as they are when left out.
 */
export function upAxis(
  library: PlotLibrary,
  ticks: number,
  tickFormat?: (value: number) => string,
): Markish[] {
  return [
    library.gridY({ stroke: "var(--rule)", strokeOpacity: 1, ticks }),
    library.axisY({
      ticks,
      tickSize: 0,
      label: null,
      fill: "var(--soft)",
      ...(tickFormat ? { tickFormat } : {}),
    }),
  ];
}
