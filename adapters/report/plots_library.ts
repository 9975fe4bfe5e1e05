/** The plotting library, and the document that it draws in. */
import type { Markish, PlotOptions } from "@observablehq/plot";
import { type Image, TEXT_SIZE } from "./plots_drawing.ts";
import { imageOf, type SvgNode } from "./plots_svg.ts";

/** The library's marks, and how they become an image. */
export type PlotLibrary =
  & typeof import("@observablehq/plot")
  & Readonly<{
    /** @param options What to draw; its sizes are in pixels. */
    drawn(
      options: PlotOptions & Readonly<{ width: number; height: number; marks: readonly Markish[] }>,
    ): Image;
  }>;

/** Loads the library; it takes a while, and only reports with figures need it. */
export async function openPlotLibrary(): Promise<PlotLibrary> {
  const [library, { parseHTML }] = await Promise.all([import("@observablehq/plot"), import("linkedom")]);
  // The library asks for a type of browsers, which there is no other use for.
  const { document } = parseHTML("<html></html>") as unknown as { document: PlotOptions["document"] };
  return {
    ...library,
    drawn: (options) => {
      const svg = library.plot({ ...options, document, style: { fontSize: `${TEXT_SIZE}px` } });
      return imageOf(svg as unknown as SvgNode, options.width, options.height);
    },
  };
}
