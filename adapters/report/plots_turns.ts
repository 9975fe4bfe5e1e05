/** Means through the turns of a discussion. */
import type { Markish } from "@observablehq/plot";
import type { Plot } from "../../analysis/report/mod.ts";
import { type Markup, markup } from "./html_markup.ts";
import { acrossAxis, domainOf, tickWidth, upAxis, wholeTicks } from "./plots_axes.ts";
import { type Drawing, type Image, WIDTHS } from "./plots_drawing.ts";
import type { PlotLibrary } from "./plots_library.ts";
import { SERIES_MAX, type SeriesLook, seriesLook } from "./plots_series.ts";

type Turns = Extract<Plot, { kind: "turns" }>;
type Series = Turns["series"][number];
type Point = Series["points"][number];

/** About how many symbols a line gets: enough to tell it apart, few enough to see it. */
const SYMBOLS_PER_LINE = 8;

const SWATCH = { width: 40, height: 14 } as const;

/**
 * Draws lines with bands. More series than can be told apart get a small plot each, before the others in grey.
 *
 * @param library What draws.
 * @param plot The plot.
 */
export function drawTurns(library: PlotLibrary, plot: Turns): Drawing | null {
  const series = plot.series.filter(({ points }) => points.length > 0);
  if (series.length === 0) return null;
  const { x, y } = plot;
  if (series.length > SERIES_MAX) {
    const panels = series.map((one) => {
      const others = series.filter((other) => other !== one).map(({ points }) => paleLine(library, points));
      const marks = [...others, ...seriesMarks(library, one.points, seriesLook(0), 0)];
      return { name: one.name, image: axesImage(library, series, marks, WIDTHS.panel, 180) };
    });
    return { x, y, panels };
  }
  const marks = series.flatMap(({ points }, index) => seriesMarks(library, points, seriesLook(index), index));
  return {
    legend: series.map(({ name }, index) => ({ name, swatch: swatch(library, seriesLook(index)) })),
    x,
    y,
    wide: axesImage(library, series, marks, WIDTHS.wide, 320),
    narrow: axesImage(library, series, marks, WIDTHS.narrow, 260),
  };
}

function axesImage(
  library: PlotLibrary,
  series: readonly Series[],
  marks: readonly Markish[],
  width: number,
  height: number,
): Image {
  const points = series.flatMap((one) => one.points);
  const turns = points.map(({ x }) => x);
  const [first, last] = [Math.min(...turns), Math.max(...turns)];
  const yDomain = domainOf(
    points.flatMap(({ y, interval }) => [y, interval?.lower ?? y, interval?.upper ?? y]),
  );
  const upTicks = height / 50;
  return library.drawn({
    width,
    height,
    marginTop: 10,
    marginRight: 12,
    marginBottom: 26,
    marginLeft: tickWidth(yDomain, upTicks) + 14,
    insetLeft: 8,
    x: { domain: first === last ? domainOf(turns) : [first, last] },
    y: { domain: yDomain },
    marks: [
      ...upAxis(library, upTicks),
      acrossAxis(library, wholeTicks(first, last, width / 50)),
      ...marks,
    ],
  });
}

function seriesMarks(
  library: PlotLibrary,
  points: readonly Point[],
  look: SeriesLook,
  index: number,
): Markish[] {
  const { colour, dashes, symbol } = look;
  const step = Math.ceil(points.length / SYMBOLS_PER_LINE);
  return [
    library.areaY(points, {
      x: "x",
      y1: (point: Point) => point.interval?.lower,
      y2: (point: Point) => point.interval?.upper,
      fill: colour,
      fillOpacity: 0.15,
    }),
    library.ruleX(points.filter((_, place) => standsAlone(points, place)), {
      x: "x",
      y1: (point: Point) => point.interval?.lower,
      y2: (point: Point) => point.interval?.upper,
      stroke: colour,
      strokeWidth: 1.5,
    }),
    library.lineY(points, { x: "x", y: "y", stroke: colour, strokeWidth: 2, strokeDasharray: dashes }),
    library.dot(points.filter((_, place) => place % step === index % step), {
      x: "x",
      y: "y",
      fill: colour,
      symbol,
      r: 4,
    }),
  ];
}

/** Whether a point has an interval and neither neighbour has: it would have no part in a band. */
function standsAlone(points: readonly Point[], place: number): boolean {
  return Boolean(points[place]?.interval) && !points[place - 1]?.interval && !points[place + 1]?.interval;
}

function paleLine(library: PlotLibrary, points: readonly Point[]): Markish {
  return library.lineY(points, { x: "x", y: "y", stroke: "var(--pale)", strokeWidth: 1 });
}

function swatch(library: PlotLibrary, look: SeriesLook): Markup {
  const { width, height } = SWATCH;
  const line = [0, 1, 2].map((x) => ({ x, y: 0, interval: null }));
  const { content } = library.drawn({
    width,
    height,
    margin: 0,
    x: { axis: null, domain: [0, 2] },
    y: { axis: null, domain: [-1, 1] },
    marks: [
      library.lineY(line, {
        x: "x",
        y: "y",
        stroke: look.colour,
        strokeWidth: 2,
        strokeDasharray: look.dashes,
      }),
      library.dot(line.slice(1, 2), { x: "x", y: "y", fill: look.colour, symbol: look.symbol, r: 4 }),
    ],
  });
  return markup`<svg aria-hidden="true" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${content}</svg>`;
}
