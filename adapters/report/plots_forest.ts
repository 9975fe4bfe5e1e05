/** Estimates of effects, about 0. */
import type { Plot } from "../../analysis/report/mod.ts";
import { type Markup, markup } from "./html_markup.ts";
import { domainOf } from "./plots_axes.ts";
import type { Drawing } from "./plots_drawing.ts";
import type { PlotLibrary } from "./plots_library.ts";
import { narrowRows, type RowsPlot, wideRows } from "./plots_rows.ts";

type Forest = Extract<Plot, { kind: "forest" }>;

const LOOKS = {
  declared: {
    colour: "var(--series-1)",
    fill: "var(--series-1)",
    meaning: "declared before the run: confirmatory",
  },
  exploratory: { colour: "currentColor", fill: "var(--paper)", meaning: "exploratory" },
} as const;

const KINDS = ["declared", "exploratory"] as const;

/**
 * Draws a row for each effect: filled where it was declared, hollow where not.
 *
 * @param library What draws.
 * @param plot The plot.
 */
export function drawForest(library: PlotLibrary, { x, effects }: Forest): Drawing | null {
  if (effects.length === 0) return null;
  const rows: RowsPlot = {
    names: effects.map(({ label }) => label),
    domain: domainOf([
      0,
      ...effects.flatMap(({ estimate, interval: { lower, upper } }) => [estimate, lower, upper]),
    ]),
    height: 20,
    marks: (places) => [
      library.ruleX([0], { stroke: "currentColor" }),
      ...KINDS.flatMap((kind) => {
        const { colour, fill } = LOOKS[kind];
        const shown = effects.map((effect, index) => ({
          ...effect,
          ...effect.interval,
          y: places[index]!.middle,
        })).filter(({ declared }) => declared === (kind === "declared"));
        return [
          library.ruleY(shown, { x1: "lower", x2: "upper", y: "y", stroke: colour, strokeWidth: 2 }),
          library.dot(shown, {
            x: "estimate",
            y: "y",
            r: 5,
            symbol: kind === "declared" ? "circle" : "square",
            fill,
            stroke: colour,
            strokeWidth: 2,
          }),
        ];
      }),
    ],
  };
  return {
    legend: KINDS.filter((kind) => effects.some(({ declared }) => declared === (kind === "declared")))
      .map((kind) => ({ swatch: swatch(kind), name: LOOKS[kind].meaning })),
    x,
    y: "",
    wide: wideRows(library, rows),
    narrow: narrowRows(library, rows),
  };
}

function swatch(kind: keyof typeof LOOKS): Markup {
  const { colour, fill } = LOOKS[kind];
  const symbol = kind === "declared"
    ? markup`<circle cx="18" cy="7" r="5"></circle>`
    : markup`<rect x="13.5" y="2.5" width="9" height="9"></rect>`;
  return markup`<svg aria-hidden="true" viewBox="0 0 36 14" width="36" height="14"><g stroke="${colour}" stroke-width="2" fill="${fill}"><path d="M2,7H34"></path>${symbol}</g></svg>`;
}
