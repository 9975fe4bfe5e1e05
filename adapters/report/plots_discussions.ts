/** A dot for every discussion. */
import type { Plot } from "../../analysis/report/mod.ts";
import { type Markup, markup } from "./html_markup.ts";
import { domainOf } from "./plots_axes.ts";
import type { Drawing } from "./plots_drawing.ts";
import type { PlotLibrary } from "./plots_library.ts";
import { narrowRows, type RowsPlot, wideRows } from "./plots_rows.ts";
import { spread } from "./plots_spread.ts";

type Discussions = Extract<Plot, { kind: "discussions" }>;

/** Pixels: the radius of a dot, the height of a group's dots, and of what stands below them. */
const RADIUS = 2.5;
const DOTS_HEIGHT = 32;
const MEAN_HEIGHT = 16;

/**
 * Draws a row for each group: a dot for every discussion, and the mean with its interval below.
 *
 * @param library What draws.
 * @param plot The plot.
 */
export function drawDiscussions(library: PlotLibrary, plot: Discussions): Drawing | null {
  const groups = plot.groups.filter(({ values }) => values.length > 0);
  if (groups.length === 0) return null;
  const rows: RowsPlot = {
    names: groups.map(({ name }) => name),
    domain: domainOf(groups.flatMap(({ values, mean, interval }) => [
      ...values,
      mean,
      interval?.lower ?? mean,
      interval?.upper ?? mean,
    ])),
    height: DOTS_HEIGHT + MEAN_HEIGHT,
    marks: (places, across) => {
      const dots = groups.flatMap(({ values }, index) => {
        const middle = places[index]!.top + DOTS_HEIGHT / 2;
        const offsets = spread(values.map(across), 2 * RADIUS, DOTS_HEIGHT);
        return values.map((value, place) => ({ x: value, y: middle + offsets[place]! }));
      });
      const means = groups.map(({ mean, interval }, index) => ({
        x: mean,
        x1: interval?.lower ?? mean,
        x2: interval?.upper ?? mean,
        y: places[index]!.bottom - MEAN_HEIGHT / 2,
      }));
      return [
        library.dot(dots, { x: "x", y: "y", r: RADIUS, fill: "var(--series-1)", fillOpacity: 0.65 }),
        library.ruleY(means, { x1: "x1", x2: "x2", y: "y", stroke: "currentColor", strokeWidth: 2 }),
        library.dot(means, { x: "x", y: "y", r: 5, symbol: "diamond", fill: "currentColor" }),
      ];
    },
  };
  return {
    legend: [
      { swatch: dotSwatch(), name: "a discussion" },
      { swatch: meanSwatch(), name: "mean, with its interval" },
    ],
    x: plot.y,
    y: "",
    wide: wideRows(library, rows),
    narrow: narrowRows(library, rows),
  };
}

function dotSwatch(): Markup {
  return markup`<svg aria-hidden="true" viewBox="0 0 14 14" width="14" height="14"><circle cx="7" cy="7" r="3" fill="var(--series-1)"></circle></svg>`;
}

function meanSwatch(): Markup {
  return markup`<svg aria-hidden="true" viewBox="0 0 36 14" width="36" height="14"><path d="M2,7H34" stroke="currentColor" stroke-width="2"></path><path d="M18,1L24,7L18,13L12,7Z" fill="currentColor"></path></svg>`;
}
