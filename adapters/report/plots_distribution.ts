/** How often values occur in each group. */
import type { Plot } from "../../analysis/report/mod.ts";
import { acrossAxis, domainOf, ticksThatFit, upAxis } from "./plots_axes.ts";
import { type Drawing, WIDTHS } from "./plots_drawing.ts";
import type { PlotLibrary } from "./plots_library.ts";

type Distribution = Extract<Plot, { kind: "distribution" }>;
type Bar = Distribution["groups"][number]["bars"][number];

const HEIGHT = 150;
const MARGINS = { marginTop: 10, marginRight: 12, marginBottom: 26, marginLeft: 46 } as const;

/**
 * Draws the bars of each group by themselves, all on equal axes.
 *
 * @param library What draws.
 * @param plot The plot.
 */
export function drawDistribution(library: PlotLibrary, { x, groups }: Distribution): Drawing | null {
  const bars = groups.flatMap((group) => group.bars);
  if (bars.length === 0) return null;
  const xDomain = domainOf(bars.flatMap(({ from, to }) => [from, to]));
  const highest = Math.max(...bars.map(({ share }) => share)) || 1;
  const panels = groups.map((group) => ({
    name: group.name,
    image: library.drawn({
      width: WIDTHS.panel,
      height: HEIGHT,
      ...MARGINS,
      x: { domain: xDomain },
      y: { domain: [0, highest * 1.05] },
      marks: [
        ...upAxis(library, 3, percentage),
        acrossAxis(library, ticksThatFit(xDomain, WIDTHS.panel - MARGINS.marginLeft)),
        library.rect(group.bars.filter(({ from, to }) => from !== to), {
          x1: "from",
          x2: "to",
          y1: 0,
          y2: "share",
          insetLeft: 0.5,
          insetRight: 0.5,
          fill: "var(--series-1)",
        }),
        // A value of its own has no width.
        library.ruleX(group.bars.filter(({ from, to }) => from === to), {
          x: "from",
          y1: 0,
          y2: (bar: Bar) => bar.share,
          stroke: "var(--series-1)",
          strokeWidth: 3,
        }),
        library.ruleY([0], { stroke: "currentColor" }),
      ],
    }),
  }));
  return { x, y: "share of the group", panels };
}

function percentage(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}
