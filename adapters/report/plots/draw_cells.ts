/**
 * Draws the means of the cells of two factors. Lines join the means of a level, so that interactions show as
 * crossings.
 */
import { acrossAxis, type Canvas, domainOf, swatch, WIDTH } from "./canvas.ts";
import { type Drawing, type Kind, LEFT, lineLook, LOOKS, symbolLook, TICKS } from "./drawing.ts";
import { labelLines, LINE_HEIGHT, TEXT_SIZE } from "./labels.ts";

/** The height of a mean with its interval, and the room below a row, in pixels. */
const MEAN_HEIGHT = 15;
const ROW_GAP = 10;

const MARGIN_BOTTOM = 28;

/** @returns `null` without means, or with more series than can be told apart. */
export function drawCells(canvas: Canvas, { x, rows, series }: Kind<"cells">): Drawing | null {
  const points = series.flatMap(({ points }) => points);
  if (points.length === 0 || series.length > LOOKS.length) return null;
  const names = rows.map((row) => labelLines(row, WIDTH - 2 * LEFT.plain, 3));
  const tops: number[] = [];
  let height = 0;
  for (const lines of names) {
    tops.push(height);
    height += lines.length * TEXT_SIZE * LINE_HEIGHT + series.length * MEAN_HEIGHT + ROW_GAP;
  }
  const placed = series.map(({ points }, look) =>
    points.map(({ row, mean, interval }) => ({
      x: mean,
      y: tops[row]! + names[row]!.length * TEXT_SIZE * LINE_HEIGHT + (look + 0.5) * MEAN_HEIGHT + 4,
      lower: interval?.lower ?? mean,
      upper: interval?.upper ?? mean,
    }))
  );
  const range = { x1: "lower", x2: "upper", y: "y" } as const;
  const image = canvas.draw({
    width: WIDTH,
    height: height + MARGIN_BOTTOM,
    margin: 0,
    marginLeft: LEFT.plain,
    marginRight: LEFT.plain,
    marginBottom: MARGIN_BOTTOM,
    x: {
      domain: domainOf(
        points.flatMap(({ mean, interval }) => [mean, interval?.lower ?? mean, interval?.upper ?? mean]),
      ),
    },
    y: { domain: [height, 0], axis: null },
    marks: [
      ...acrossAxis(canvas, TICKS),
      ...placed.flatMap((list, look) => [
        canvas.line(list, { ...lineLook(look), strokeWidth: 1.5, strokeOpacity: 0.55 }),
        canvas.ruleY(list, { ...range, stroke: lineLook(look).stroke, strokeWidth: 2 }),
        canvas.dot(list, { ...symbolLook(look), r: 4.5 }),
      ]),
      canvas.text(names.map((lines, row) => ({ y: tops[row]! + 2, text: lines.join("\n") })), {
        y: "y",
        text: "text",
        frameAnchor: "left",
        textAnchor: "start",
        lineAnchor: "top",
        lineHeight: LINE_HEIGHT,
        fill: "currentColor",
      }),
    ],
  });
  const sample = [{ x: 1, y: 0, lower: 0, upper: 2 }];
  return {
    image,
    x,
    y: "",
    legend: series.map(({ name }, look) => ({
      name,
      swatch: swatch(canvas, [
        canvas.ruleY(sample, {
          ...range,
          stroke: lineLook(look).stroke,
          strokeWidth: 2,
          strokeDasharray: LOOKS[look]![1],
        }),
        canvas.dot(sample, symbolLook(look)),
      ]),
    })),
  };
}
