/** Plots of one row for each name, above a common axis. */
import type { Markish } from "@observablehq/plot";
import { acrossAxis, ticksThatFit } from "./plots_axes.ts";
import { type Image, TEXT_SIZE, WIDTHS } from "./plots_drawing.ts";
import { labelLines, labelWidth } from "./plots_label.ts";
import type { PlotLibrary } from "./plots_library.ts";

const LINE_HEIGHT = 1.25;
const LABEL_WIDTH_MAX = 250;
const MARGIN = 12;
const AXIS_HEIGHT = 26;

/** A row, in pixels from the top: where its marks go. */
export type PlacedRow = Readonly<{ top: number; middle: number; bottom: number }>;

/** What a plot of rows is made of. */
export type RowsPlot = Readonly<{
  names: readonly string[];
  /** What the common axis spans. */
  domain: readonly [number, number];
  /** The height of a row's marks, in pixels. */
  height: number;
  /**
   * Draws the rows' marks. Vertical places are pixels.
   *
   * @param rows One for each name.
   * @param across The place of a value from the left, in pixels.
   */
  marks: (rows: readonly PlacedRow[], across: (value: number) => number) => readonly Markish[];
}>;

/**
 * Draws rows with their names at the left.
 *
 * @param library What draws.
 * @param plot The plot.
 */
export function wideRows(library: PlotLibrary, plot: RowsPlot): Image {
  const room = Math.min(LABEL_WIDTH_MAX, Math.max(0, ...plot.names.map(labelWidth)));
  const labels = plot.names.map((name) => labelLines(name, room, 3));
  const heights = labels.map((lines) => Math.max(plot.height, lines.length * TEXT_SIZE * LINE_HEIGHT) + 8);
  const rows = placed(heights, plot.height, () => 0);
  return rowsImage(library, plot, WIDTHS.wide, room + MARGIN, heights, rows, [
    labelMark(library, labels, rows.map(({ middle }) => middle), "middle", -room - MARGIN),
  ]);
}

/**
 * Draws rows with their names above.
 *
 * @param library What draws.
 * @param plot The plot.
 */
export function narrowRows(library: PlotLibrary, plot: RowsPlot): Image {
  const labels = plot.names.map((name) => labelLines(name, WIDTHS.narrow - 2 * MARGIN, 3));
  const above = labels.map((lines) => lines.length * TEXT_SIZE * LINE_HEIGHT + 6);
  const heights = above.map((height) => height + plot.height + 8);
  const rows = placed(heights, plot.height, (index) => above[index]!);
  return rowsImage(library, plot, WIDTHS.narrow, MARGIN, heights, rows, [
    labelMark(library, labels, rows.map(({ top }, index) => top - above[index]! + 6), "top", -MARGIN),
  ]);
}

/** The places of rows below each other. @param above How much of each row's height its label takes. */
function placed(heights: readonly number[], height: number, above: (index: number) => number): PlacedRow[] {
  let end = 0;
  return heights.map((whole, index) => {
    const middle = end + above(index) + (whole - above(index)) / 2;
    end += whole;
    return { top: middle - height / 2, middle, bottom: middle + height / 2 };
  });
}

function rowsImage(
  library: PlotLibrary,
  { domain, marks }: RowsPlot,
  width: number,
  marginLeft: number,
  heights: readonly number[],
  rows: readonly PlacedRow[],
  labels: readonly Markish[],
): Image {
  const height = heights.reduce((sum, one) => sum + one, 0);
  const ticks = ticksThatFit(domain, width - marginLeft);
  const across = (value: number) =>
    marginLeft + (value - domain[0]) / (domain[1] - domain[0]) * (width - marginLeft - MARGIN);
  return library.drawn({
    width,
    height: height + AXIS_HEIGHT,
    marginTop: 0,
    marginRight: MARGIN,
    marginBottom: AXIS_HEIGHT,
    marginLeft,
    x: { domain },
    y: { axis: null, domain: [0, height], range: [0, height] },
    marks: [
      library.gridX({ stroke: "var(--rule)", strokeOpacity: 1, ticks }),
      acrossAxis(library, ticks),
      ...labels,
      ...marks(rows, across),
    ],
  });
}

function labelMark(
  library: PlotLibrary,
  labels: readonly (readonly string[])[],
  places: readonly number[],
  lineAnchor: "middle" | "top",
  dx: number,
): Markish {
  return library.text(labels.map((lines, index) => ({ text: lines.join("\n"), y: places[index]! })), {
    text: "text",
    y: "y",
    frameAnchor: "left",
    textAnchor: "start",
    lineAnchor,
    lineHeight: LINE_HEIGHT,
    dx,
    fill: "currentColor",
  });
}
