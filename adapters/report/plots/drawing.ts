/** What the drawing of a plot consists of. */
import type { Plot } from "../../../analysis/report/mod.ts";
import type { Image } from "./canvas.ts";

/** A plot as an image, the labels of its axes (empty for none), and its legend. */
export type Drawing = Readonly<{
  image: Image;
  x: string;
  y: string;
  legend: readonly Readonly<{ swatch: Image; name: string }>[];
}>;

/** A plot of one kind. */
export type Kind<Name extends Plot["kind"]> = Extract<Plot, { kind: Name }>;

/** The left margin of plots without and with an axis at the left, in pixels. */
export const LEFT = { plain: 14, axis: 60 } as const;

/** About how many ticks an axis has. */
export const TICKS = 5;

/** The symbols and dashes that tell series apart without colours. */
export const LOOKS = [
  ["circle", ""],
  ["square", "7 3"],
  ["triangle", "2 3"],
  ["diamond", "9 3 2 3"],
  ["star", "14 4"],
] as const;

/**
 * A line of a series.
 *
 * @param look The index of its look.
 */
export function lineLook(look: number) {
  const [, strokeDasharray] = LOOKS[look]!;
  return { x: "x", y: "y", stroke: `var(--series-${look + 1})`, strokeWidth: 2, strokeDasharray };
}

/** The symbols of a series. */
export function symbolLook(look: number) {
  const [symbol] = LOOKS[look]!;
  return { x: "x", y: "y", fill: `var(--series-${look + 1})`, symbol, r: 4 };
}
