/** What a plot comes to: drawings, and what is written beside them. */
import type { Plot } from "../../analysis/report/mod.ts";
import type { Markup } from "./html_markup.ts";

/** An SVG image. Its colours are the page's: custom properties, and the colour of text. */
export type Image = Readonly<{
  /** In pixels, at which its text has the size of the page's small text. */
  width: number;
  height: number;
  /** What stands within `<svg>`. */
  content: Markup;
}>;

/** One of several small plots with equal axes. */
export type Panel = Readonly<{ name: string; image: Image }>;

/** A plot that was drawn. */
export type Drawing =
  & Readonly<{
    /** The labels of the axes; empty for none. */
    x: string;
    y: string;
  }>
  & (
    /** One plot, for wide pages and for narrow ones. */
    | Readonly<{
      wide: Image;
      narrow: Image;
      /** What the marks mean. */
      legend: readonly Readonly<{ swatch: Markup; name: string }>[];
    }>
    | Readonly<{ panels: readonly Panel[] }>
  );

/** Draws a plot; `null` where there is nothing to draw. */
export type DrawPlot = (plot: Plot) => Drawing | null;

/** Widths of images, in pixels. */
export const WIDTHS = { wide: 680, narrow: 340, panel: 300 } as const;

/** The size of text in images, in pixels. */
export const TEXT_SIZE = 12;
