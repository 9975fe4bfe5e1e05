/** Draws each kind of plot as one image. */
import type { Markish } from "npm:@observablehq/plot@0.6.17";
import type { Plot } from "../../../analysis/report/mod.ts";
import { acrossAxis, type Canvas, domainOf, drawRows, openCanvas, swatch, upAxis, WIDTH } from "./canvas.ts";
import { drawCells } from "./draw_cells.ts";
import { drawCurve } from "./draw_curve.ts";
import { drawShares } from "./draw_shares.ts";
import { type Drawing, type Kind, LEFT, lineLook, LOOKS, symbolLook, TICKS } from "./drawing.ts";
import { drawForest } from "./draw_forest.ts";
import { stacked } from "./stack.ts";

/** Draws a plot; `null` if there is nothing to draw. */
export type DrawPlot = (plot: Plot) => Drawing | null;

type Series = Kind<"turns">["series"][number];
type Point = Series["points"][number];

export async function openPlots(): Promise<DrawPlot> {
  const canvas = await openCanvas();
  const draw: DrawPlot = (plot) => {
    switch (plot.kind) {
      case "turns":
        return drawTurns(canvas, plot);
      case "distribution":
        return drawDistribution(canvas, plot);
      case "discussions":
        return drawDiscussions(canvas, plot);
      case "forest":
        return drawForest(canvas, plot);
      case "cells":
        return drawCells(canvas, plot);
      case "shares":
        return drawShares(canvas, plot);
      case "curve":
        return drawCurve(canvas, plot);
      case "panels":
        return drawPanels(plot, draw);
      default:
        plot satisfies never;
        throw new TypeError(`Cannot draw a plot "${JSON.stringify(plot)}"`);
    }
  };
  return draw;
}

/** Plots below each other. They share one legend, which has each name once. */
function drawPanels({ panels }: Kind<"panels">, draw: DrawPlot): Drawing | null {
  const drawn = panels.flatMap(({ title, plot }) => {
    const drawing = draw(plot);
    return drawing === null ? [] : [{ title, isBold: true, ...drawing }];
  });
  if (drawn.length === 0) return null;
  const legend = new Map(drawn.flatMap(({ legend }) => legend.map((entry) => [entry.name, entry] as const)));
  const shared = (labels: readonly string[]) => new Set(labels).size === 1 ? labels[0]! : "";
  return {
    image: stacked(drawn),
    x: shared(drawn.map(({ x }) => x)),
    y: shared(drawn.map(({ y }) => y)),
    legend: [...legend.values()],
  };
}

/** About how many symbols a line has. */
const SYMBOLS_PER_LINE = 8;

/**
 * Means by turn. Up to five series share one plot. With more, each series has its own row, which also shows the others
 * in grey.
 */
function drawTurns(canvas: Canvas, plot: Kind<"turns">): Drawing | null {
  const series = plot.series.filter(({ points }) => points.length > 0);
  if (series.length === 0) return null;
  const points = series.flatMap((one) => one.points);
  const turns = points.map(({ x }) => x);
  const [first, last] = [Math.min(...turns), Math.max(...turns)];
  const x = first === last ? domainOf(turns) : [first, last] as const;
  const y = domainOf(
    plot.range ?? points.flatMap(({ y, interval }) => [y, interval?.lower ?? y, interval?.upper ?? y]),
  );
  const axes = [
    ...upAxis(canvas, TICKS),
    ...acrossAxis(canvas, Math.max(1, Math.min(2 * TICKS, Math.floor(last - first)))),
  ];
  const labels = { x: plot.x, y: plot.y };
  if (series.length > LOOKS.length) {
    const rows = series.flatMap(({ points }, row) => points.map((point) => ({ ...point, row })));
    const others = { x: "x", y: "y", z: "row", fy: "row", facet: "exclude", stroke: "var(--pale)" } as const;
    const marks = [
      ...axes,
      canvas.lineY(rows, others),
      ...series.flatMap(({ points }, row) => seriesMarks(canvas, points, { look: 0, row })),
    ];
    const names = series.map(({ name }) => name);
    const image = drawRows(canvas, { names, height: 130, x, y, marginLeft: LEFT.axis, marks });
    return { image, legend: [], ...labels };
  }
  const sample: Point[] = [0, 1, 2].map((x) => ({ x, y: 0, interval: null }));
  return {
    image: canvas.draw({
      width: WIDTH,
      height: plot.range === undefined ? 300 : 190,
      marginTop: 10,
      marginRight: 14,
      marginBottom: 28,
      marginLeft: LEFT.axis,
      insetLeft: 8,
      x: { domain: x },
      y: { domain: y },
      marks: [...axes, ...series.flatMap(({ points }, look) => seriesMarks(canvas, points, { look }))],
    }),
    legend: series.map(({ name }, look) => ({
      name,
      swatch: swatch(canvas, [
        canvas.lineY(sample, lineLook(look)),
        canvas.dot(sample.slice(1, 2), symbolLook(look)),
      ]),
    })),
    ...labels,
  };
}

function seriesMarks(
  canvas: Canvas,
  points: readonly Point[],
  { look, row }: Readonly<{ look: number; row?: number }>,
): Markish[] {
  const facet = row === undefined ? {} : { fy: () => row };
  const colour = `var(--series-${look + 1})`;
  const band = {
    x: "x",
    y1: (point: Point) => point.interval?.lower,
    y2: (point: Point) => point.interval?.upper,
    ...facet,
  };
  const step = Math.ceil(points.length / SYMBOLS_PER_LINE);
  return [
    canvas.areaY(points, { ...band, fill: colour, fillOpacity: 0.15 }),
    canvas.ruleX(points.filter((_, place) => standsAlone(points, place)), {
      ...band,
      stroke: colour,
      strokeWidth: 1.5,
    }),
    canvas.lineY(points, { ...lineLook(look), ...facet }),
    canvas.dot(points.filter((_, place) => place % step === look % step), { ...symbolLook(look), ...facet }),
  ];
}

/** Whether a point has an interval but its neighbours have none, so that a band would not show it. */
function standsAlone(points: readonly Point[], place: number): boolean {
  return Boolean(points[place]?.interval) && !points[place - 1]?.interval && !points[place + 1]?.interval;
}

/** Bars that show how often values occur, with one row for each group. */
function drawDistribution(canvas: Canvas, { x, groups }: Kind<"distribution">): Drawing | null {
  const bars = groups.flatMap(({ bars }, row) => bars.map((bar) => ({ ...bar, row })));
  if (bars.length === 0) return null;
  const highest = Math.max(...bars.map(({ share }) => share)) || 1;
  const image = drawRows(canvas, {
    names: groups.map(({ name }) => name),
    height: 90,
    x: domainOf(bars.flatMap(({ from, to }) => [from, to])),
    y: [0, highest * 1.05],
    marginLeft: LEFT.axis,
    marks: [
      ...upAxis(canvas, 3, (share) => `${Number((100 * share).toFixed(1))} %`),
      ...acrossAxis(canvas, TICKS),
      canvas.rect(bars.filter(({ from, to }) => from !== to), {
        ...{ x1: "from", x2: "to", y1: 0, y2: "share", fy: "row" },
        ...{ insetLeft: 0.5, insetRight: 0.5, fill: "var(--series-1)" },
      }),
      // A bar of a single value has no width.
      canvas.ruleX(bars.filter(({ from, to }) => from === to), {
        ...{ x: "from", y1: 0, y2: "share", fy: "row" },
        ...{ stroke: "var(--series-1)", strokeWidth: 3 },
      }),
      canvas.ruleY([0], { stroke: "currentColor" }),
    ],
  });
  return { image, x, y: "share of the group", legend: [] };
}

/** A dot for every discussion, and the mean of each group with its interval. */
function drawDiscussions(canvas: Canvas, plot: Kind<"discussions">): Drawing | null {
  const groups = plot.groups.filter(({ values }) => values.length > 0);
  if (groups.length === 0) return null;
  // Multiples of the golden ratio spread the dots evenly over the height, so that dots of equal values lie apart.
  const dots = groups.flatMap(({ values }, row) =>
    values.map((x, place) => ({ row, x, y: 0.1 + 0.9 * ((place * 0.618034) % 1) }))
  );
  const means = groups.map(({ mean, interval }, row) => ({
    row,
    x: mean,
    y: -0.5,
    lower: interval?.lower ?? mean,
    upper: interval?.upper ?? mean,
  }));
  const dotLook = { x: "x", y: "y", r: 2.5, fill: "var(--series-1)", fillOpacity: 0.65 } as const;
  const rangeLook = { x1: "lower", x2: "upper", y: "y", stroke: "currentColor", strokeWidth: 2 } as const;
  const meanLook = { x: "x", y: "y", r: 5, symbol: "diamond", fill: "currentColor" } as const;
  const sample = [{ x: 1, y: 0, lower: 0, upper: 2 }];
  return {
    image: drawRows(canvas, {
      names: groups.map(({ name }) => name),
      height: 50,
      x: domainOf([...dots.map(({ x }) => x), ...means.flatMap(({ x, lower, upper }) => [x, lower, upper])]),
      y: [-1, 1],
      marginLeft: LEFT.plain,
      marks: [
        ...acrossAxis(canvas, TICKS),
        canvas.dot(dots, { ...dotLook, fy: "row" }),
        canvas.ruleY(means, { ...rangeLook, fy: "row" }),
        canvas.dot(means, { ...meanLook, fy: "row" }),
      ],
    }),
    x: plot.y,
    y: "",
    legend: [
      { name: "a discussion", swatch: swatch(canvas, [canvas.dot(sample, dotLook)]) },
      {
        name: "mean, with its interval",
        swatch: swatch(canvas, [canvas.ruleY(sample, rangeLook), canvas.dot(sample, meanLook)]),
      },
    ],
  };
}
