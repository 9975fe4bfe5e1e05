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
