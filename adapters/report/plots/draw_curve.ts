/** Draws estimates at some places as curves with their intervals, and a line at the value to reach. */
import type { Markish } from "npm:@observablehq/plot@0.6.17";
import { acrossAxis, type Canvas, domainOf, drawRows, swatch, upAxis, WIDTH } from "./canvas.ts";
import { type Drawing, type Kind, LEFT, lineLook, LOOKS, symbolLook, TICKS } from "./drawing.ts";

type Point = Kind<"curve">["series"][number]["points"][number];

/** Series stand this many pixels beside each other, so that their intervals do not cover each other. */
const BESIDE = 5;

const TARGET_LOOK = { stroke: "currentColor", strokeWidth: 1.5, strokeDasharray: "2 4" } as const;

/** @returns `null` without points. Up to five series share one plot; with more, each has a row. */
export function drawCurve(canvas: Canvas, plot: Kind<"curve">): Drawing | null {
  const { target } = plot;
  const series = plot.series.filter(({ points }) => points.length > 0);
  if (series.length === 0) return null;
  const points = series.flatMap((one) => one.points);
  const highest = Math.max(target?.y ?? 0, ...points.flatMap(({ y, interval }) => [y, interval?.upper ?? y]));
  const places = points.map(({ x }) => x);
  const [x, y] = [domainOf(places), domainOf(plot.range ?? [0, highest])];
  const whole = Math.floor(Math.max(...places) - Math.min(...places));
  const axes = [...upAxis(canvas, TICKS), ...acrossAxis(canvas, Math.max(1, Math.min(TICKS, whole)))];
  const targetMarks = (facet: Readonly<{ fy?: () => number }>): Markish[] =>
    target === null ? [] : [canvas.ruleY([target], { y: "y", ...TARGET_LOOK, ...facet })];
  const isDivided = series.length > LOOKS.length;
  const image = isDivided
    ? drawRows(canvas, {
      names: series.map(({ name }) => name),
      height: 130,
      x,
      y,
      marginLeft: LEFT.axis,
      marks: [
        ...axes,
        ...series.flatMap(({ points }, row) => {
          const facet = { fy: () => row };
          return [...targetMarks(facet), ...marksOf(canvas, points, { look: 0, facet })];
        }),
      ],
    })
    : canvas.draw({
      width: WIDTH,
      height: 300,
      marginTop: 10,
      marginRight: 14,
      marginBottom: 28,
      marginLeft: LEFT.axis,
      x: { domain: x },
      y: { domain: y },
      marks: [
        ...axes,
        ...targetMarks({}),
        ...series.flatMap(({ points }, look) =>
          marksOf(canvas, points, { look, beside: BESIDE * (look - (series.length - 1) / 2) })
        ),
      ],
    });
  const sample = [0, 1, 2].map((x) => ({ x, y: 0, interval: null }));
  const named = isDivided ? [] : series.map(({ name }, look) => ({
    name,
    swatch: swatch(canvas, [
      canvas.lineY(sample, lineLook(look)),
      canvas.dot(sample.slice(1, 2), symbolLook(look)),
    ]),
  }));
  return {
    image,
    x: plot.x,
    y: plot.y,
    legend: [
      ...named,
      ...target === null
        ? []
        : [{ name: target.name, swatch: swatch(canvas, [canvas.ruleY([0], TARGET_LOOK)]) }],
    ],
  };
}

function marksOf(
  canvas: Canvas,
  points: readonly Point[],
  { look, beside = 0, facet = {} }: Readonly<{
    look: number;
    beside?: number;
    facet?: Readonly<{ fy?: () => number }>;
  }>,
): Markish[] {
  const place = { dx: beside, ...facet };
  return [
    canvas.lineY(points, { ...lineLook(look), ...place }),
    canvas.ruleX(points.filter(({ interval }) => interval !== null), {
      x: "x",
      y1: (point: Point) => point.interval?.lower,
      y2: (point: Point) => point.interval?.upper,
      stroke: lineLook(look).stroke,
      strokeWidth: 1.5,
      ...place,
    }),
    canvas.dot(points, { ...symbolLook(look), ...place }),
  ];
}
