/** The script that draws plots of outcomes. */
import * as Plot from "npm:@observablehq/plot@0.6.17";
import { type PlotFrame, PLOTS, type Plots } from "./plots_api.ts";

const FONT_PX = 12;
const ROW_PX = 64;
const COURSE_PX = 240;
const BAR_PX = 34;
const MARGIN_PX = 44;

/** Room beside the outermost values, as a share of the range. */
const ROOM = 0.03;

/**
 * Heights in a row: dots are spread between `from` and `to`, the mean is above them, and `top` is the upper
 * end.
 */
const SPREAD = { from: 0, to: 1, mean: 1.35, top: 2.2 } as const;

const GRID = { stroke: "var(--rule)", strokeOpacity: 1 } as const;
const AXIS = { fill: "var(--soft)", stroke: "var(--soft)", label: null } as const;

/** Groups and labels have the colours of speakers, in order. */
const COLOURS = Array.from({ length: 8 }, (_, place) => `var(--speaker-${place + 1})`);

function colour(place: number): string {
  return COLOURS[place % COLOURS.length]!;
}

/**
 * The height of a dot, between 0 and 1. Any number of dots is spread evenly: this is the van der Corput
 * sequence.
 */
function spread(place: number): number {
  let [sum, share] = [0, 1];
  for (let rest = place; rest > 0; rest = Math.floor(rest / 2)) sum += rest % 2 * (share /= 2);
  return sum;
}

/** Draws a plot, and changes the image for the page's policy and for screen readers. */
function draw({ title, width }: PlotFrame, options: Plot.PlotOptions): SVGSVGElement {
  const svg = Plot.plot({
    width,
    marginRight: 16,
    ...options,
    style: { fontSize: `${FONT_PX}px` },
  }) as SVGSVGElement;
  // The page's policy forbids this style element. The page's style sheet has its rules.
  svg.querySelector("style")?.remove();
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", title);
  for (const link of svg.querySelectorAll("a")) {
    const shape = link.firstElementChild;
    link.setAttribute("aria-label", shape?.getAttribute("aria-label") ?? "");
    shape?.removeAttribute("aria-label");
  }
  // Screen readers skip the parts that are no links, because the table has the same values.
  for (const part of svg.children) {
    if (part.querySelector("a") === null) part.setAttribute("aria-hidden", "true");
  }
  return svg;
}

function wide([least, greatest]: readonly [number, number]): [number, number] {
  const room = greatest > least ? (greatest - least) * ROOM : 0.5;
  return [least - room, greatest + room];
}

const TICKS_MAX = 12;

/** The ticks of the axis of times, which are whole numbers from 1. */
function wholeTicks(times: readonly number[]): readonly number[] {
  const last = times.reduce((one, other) => Math.max(one, other), 1);
  const step = Math.ceil(last / TICKS_MAX);
  return Array.from({ length: Math.floor((last - 1) / step) + 1 }, (_, place) => 1 + place * step);
}

const plots: Plots = {
  dots({ groups, dots, domain }, frame) {
    const counts = new Map<number, number>();
    const placed = dots.map((dot) => {
      const place = counts.get(dot.group) ?? 0;
      counts.set(dot.group, place + 1);
      return { ...dot, y: SPREAD.from + (SPREAD.to - SPREAD.from) * spread(place) };
    });
    const rows = groups.map((group, row) => ({ ...group, row }));
    const means = rows.filter(({ mean }) => mean !== null);
    return draw(frame, {
      height: groups.length * ROW_PX + MARGIN_PX,
      marginLeft: 12,
      marginBottom: 36,
      x: { domain: wide(domain), label: frame.x },
      y: { domain: [SPREAD.from - 0.15, SPREAD.top], axis: null },
      fy: { domain: rows.map(({ row }) => row), axis: null, padding: 0.08 },
      marks: [
        Plot.gridX(GRID),
        Plot.axisX({ ...AXIS, label: frame.x, labelAnchor: "center", labelArrow: "none" }),
        Plot.text(rows, {
          fy: "row",
          text: "name",
          frameAnchor: "top-left",
          fill: "var(--ink)",
          fontWeight: 600,
          textOverflow: "ellipsis",
          lineWidth: 40,
        }),
        Plot.dot(placed, {
          fy: "group",
          x: "value",
          y: "y",
          r: dots.length > 500 ? 2.5 : 4,
          fill: ({ group }) => colour(group),
          fillOpacity: 0.55,
          href: "href",
          ariaLabel: "label",
          title: "label",
        }),
        Plot.ruleY(means.filter(({ interval }) => interval !== null), {
          fy: "row",
          y: SPREAD.mean,
          x1: (group) => group.interval.lower,
          x2: (group) => group.interval.upper,
          stroke: "var(--ink)",
          strokeWidth: 2,
        }),
        Plot.dot(means, { fy: "row", x: "mean", y: SPREAD.mean, r: 4.5, fill: "var(--ink)" }),
      ],
    });
  },
  course({ steps, domain }, frame) {
    const banded = steps.filter(({ interval }) => interval !== null);
    return draw(frame, {
      height: COURSE_PX,
      marginLeft: 48,
      marginBottom: 36,
      x: { label: frame.x, inset: 6 },
      y: { label: frame.y, inset: 4, ...domain !== null && { domain } },
      marks: [
        Plot.gridY(GRID),
        Plot.axisX(wholeTicks(steps.map(({ x }) => x)), {
          ...AXIS,
          label: frame.x,
          labelAnchor: "center",
          labelArrow: "none",
          tickFormat: String,
        }),
        Plot.axisY({ ...AXIS, tickSize: 0 }),
        Plot.areaY(banded, {
          x: "x",
          y1: (step) => step.interval.lower,
          y2: (step) => step.interval.upper,
          z: "group",
          fill: ({ group }) => colour(group),
          fillOpacity: 0.14,
          clip: domain !== null,
        }),
        Plot.line(steps, {
          x: "x",
          y: "mean",
          z: "group",
          stroke: ({ group }) => colour(group),
          strokeWidth: 2,
        }),
        Plot.dot(steps, {
          x: "x",
          y: "mean",
          r: 4,
          fill: ({ group }) => colour(group),
          href: "href",
          ariaLabel: "label",
          title: "label",
        }),
      ],
    });
  },
  bars({ groups, parts }, frame) {
    return draw(frame, {
      height: groups.length * (BAR_PX + 20) + MARGIN_PX,
      marginLeft: 12,
      marginBottom: 36,
      x: { label: frame.x },
      y: { axis: null, domain: [0], padding: 0 },
      fy: { domain: groups.map((_, row) => row), axis: null, padding: 0.1 },
      marks: [
        Plot.gridX(GRID),
        Plot.axisX({ ...AXIS, label: frame.x, labelAnchor: "center", labelArrow: "none" }),
        Plot.barX(parts, {
          fy: "group",
          y: () => 0,
          x: "count",
          fill: ({ label }) => colour(label),
          insetTop: 18,
          insetRight: 1,
          title: "text",
        }),
        Plot.text(groups.map((name, row) => ({ name, row })), {
          fy: "row",
          text: "name",
          frameAnchor: "top-left",
          fill: "var(--ink)",
          fontWeight: 600,
          textOverflow: "ellipsis",
          lineWidth: 40,
        }),
      ],
    });
  },
};

(globalThis as { [PLOTS]?: Plots })[PLOTS] = plots;
