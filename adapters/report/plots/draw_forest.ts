/** Draws estimates of effects with their intervals. */
import { SAMPLE_CHANGED } from "../../../analysis/report/looks_texts.ts";
import { acrossAxis, type Canvas, domainOf, drawRows, swatch } from "./canvas.ts";
import { type Drawing, type Kind, LEFT, TICKS } from "./drawing.ts";

const EFFECTS = [
  {
    standing: "confirmatory",
    name: "declared before the run: confirmatory",
    look: { symbol: "circle", stroke: "var(--series-1)", fill: "var(--series-1)" },
  },
  {
    standing: "sample-changed",
    name: SAMPLE_CHANGED,
    look: { symbol: "diamond", stroke: "var(--series-1)", fill: "var(--paper)" },
  },
  {
    standing: "exploratory",
    name: "exploratory",
    look: { symbol: "square", stroke: "currentColor", fill: "var(--paper)" },
  },
] as const;

/** Draws estimates around a line at 0; `null` without any. */
export function drawForest(canvas: Canvas, { x, effects }: Kind<"forest">): Drawing | null {
  if (effects.length === 0) return null;
  const rows = effects.map(({ standing, estimate, interval: { lower, upper } }, row) => ({
    row,
    standing,
    x: estimate,
    y: 0,
    lower,
    upper,
  }));
  const kinds = EFFECTS.filter(({ standing }) => rows.some((row) => row.standing === standing));
  const marksOf = (shown: typeof rows, { stroke, ...look }: typeof EFFECTS[number]["look"], facet = {}) => [
    canvas.ruleY(shown, { x1: "lower", x2: "upper", y: "y", stroke, strokeWidth: 2, ...facet }),
    canvas.dot(shown, { x: "x", y: "y", r: 5, stroke, strokeWidth: 2, ...look, ...facet }),
  ];
  const sample = [{ row: 0, standing: "confirmatory" as const, x: 1, y: 0, lower: 0, upper: 2 }];
  return {
    image: drawRows(canvas, {
      names: effects.map(({ label }) => label),
      height: 20,
      x: domainOf([0, ...rows.flatMap(({ x, lower, upper }) => [x, lower, upper])]),
      y: [-1, 1],
      marginLeft: LEFT.plain,
      marks: [
        ...acrossAxis(canvas, TICKS),
        // The line at 0 is only beside the estimates, so that it crosses no label.
        canvas.ruleX(rows, { x: () => 0, y1: -1, y2: 1, fy: "row", stroke: "currentColor" }),
        ...kinds.flatMap(({ standing, look }) =>
          marksOf(rows.filter((row) => row.standing === standing), look, { fy: "row" })
        ),
      ],
    }),
    x,
    y: "",
    legend: kinds.map(({ name, look }) => ({ name, swatch: swatch(canvas, marksOf(sample, look)) })),
  };
}
