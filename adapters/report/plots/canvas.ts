/** Draws with the plotting library, and turns each drawing into an SVG image without styles or scripts. */
import type { Markish, PlotOptions } from "npm:@observablehq/plot@0.6.17";
import { h, type VNode } from "npm:preact@11.2.0";
import { visibleLines } from "../../../analysis/report/mod.ts";
import { labelLines, LINE_HEIGHT, TEXT_SIZE } from "./labels.ts";

/** An SVG image. Its colours are custom properties of the page's style sheet. */
export type Image = Readonly<{ width: number; height: number; content: readonly (VNode | string)[] }>;

export type Canvas =
  & typeof import("npm:@observablehq/plot@0.6.17")
  & Readonly<{
    /** @param options What to draw; sizes are in pixels. */
    draw(options: PlotOptions & Readonly<{ width: number; height: number }>): Image;
  }>;

/** The width of every plot, in pixels; the page scales it. */
export const WIDTH = 480;

const MARGINS = { marginTop: 8, marginRight: 14, marginBottom: 28 } as const;

/** Room beside the outermost values, as a share of the range. */
const ROOM = 0.04;

/** A relative difference of at most this size is only a rounding error. */
const SAME = 1e-9;

/** Loads the library: this takes a while, and only reports with plots need it. */
export async function openCanvas(): Promise<Canvas> {
  const [library, { parseHTML }] = await Promise.all([
    import("npm:@observablehq/plot@0.6.17"),
    import("npm:linkedom@0.18.15"),
  ]);
  // The package's own types need the types of a browser.
  const { document } = parseHTML("<html></html>") as unknown as { document: PlotOptions["document"] };
  return {
    ...library,
    draw: (options) => {
      const svg = library.plot({ ...options, document, style: { fontSize: `${TEXT_SIZE}px` } });
      return {
        width: options.width,
        height: options.height,
        content: shapesIn(svg as unknown as SvgNode),
      };
    },
  };
}

/**
 * The range of an axis.
 *
 * @returns Its ends, with room beside the values; 0 and 1 for no values.
 */
export function domainOf(values: readonly number[]): [number, number] {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const value of values) {
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  if (lowest > highest) return [0, 1];
  const size = Math.max(Math.abs(lowest), Math.abs(highest));
  const room = highest - lowest <= size * SAME ? size * 0.1 || 0.5 : (highest - lowest) * ROOM;
  return [lowest - room, highest + room];
}

/** The axis below a plot, with vertical grid lines. */
export function acrossAxis(canvas: Canvas, ticks: number): Markish[] {
  return [
    canvas.gridX({ stroke: "var(--rule)", strokeOpacity: 1, ticks }),
    canvas.axisX({ ticks, tickSize: 4, label: null, fill: "var(--soft)", stroke: "var(--soft)" }),
  ];
}

/** The axis at the left of a plot, with horizontal grid lines. */
export function upAxis(canvas: Canvas, ticks: number, tickFormat?: (value: number) => string): Markish[] {
  const format = tickFormat === undefined ? {} : { tickFormat };
  return [
    canvas.gridY({ stroke: "var(--rule)", strokeOpacity: 1, ticks }),
    canvas.axisY({ ticks, tickSize: 0, label: null, fill: "var(--soft)", ...format }),
  ];
}

/** A plot of several rows below each other that share their axes. */
export type Rows = Readonly<{
  names: readonly string[];
  /** The height of a row without its name, in pixels. */
  height: number;
  x: readonly [number, number];
  y: readonly [number, number];
  /** Room for an axis at the left, in pixels. */
  marginLeft: number;
  /** Marks whose channel `fy` is the index of their row. */
  marks: readonly Markish[];
}>;

export function drawRows(canvas: Canvas, { names, height, x, y, marginLeft, marks }: Rows): Image {
  const labels = names.map((name) => labelLines(name, WIDTH - 2 * MARGINS.marginRight, 3));
  const lines = Math.max(...labels.map(({ length }) => length));
  const labelHeight = lines * TEXT_SIZE * LINE_HEIGHT + 8;
  const rowHeight = labelHeight + height + 4;
  return canvas.draw({
    width: WIDTH,
    height: names.length * rowHeight + MARGINS.marginTop + MARGINS.marginBottom,
    ...MARGINS,
    marginLeft,
    x: { domain: x },
    y: { domain: y, axis: null, insetTop: labelHeight, insetBottom: 4 },
    fy: { domain: names.map((_, row) => row), axis: null, padding: 0 },
    marks: [
      ...marks,
      canvas.text(labels.map((lines, row) => ({ row, text: lines.join("\n"), lines: lines.length })), {
        fy: "row",
        text: "text",
        frameAnchor: "top-left",
        textAnchor: "start",
        lineAnchor: "top",
        lineHeight: LINE_HEIGHT,
        dx: MARGINS.marginRight - marginLeft,
        dy: 6,
        fill: "currentColor",
      }),
    ],
  });
}

/**
 * A drawn sample of marks for a legend. The marks are around the point (1, 0), within x from 0 to 2 and y from −1
 * to 1.
 */
export function swatch(canvas: Canvas, marks: readonly Markish[]): Image {
  return canvas.draw({
    width: 40,
    height: 14,
    margin: 0,
    x: { axis: null, domain: [0, 2] },
    y: { axis: null, domain: [-1, 1] },
    marks: [...marks],
  });
}

/** The allowed elements of an image. */
const ELEMENTS: ReadonlySet<string> = new Set(["g", "path", "line", "rect", "circle", "text", "tspan"]);

const PLACES: ReadonlySet<string> = new Set(
  ["cx", "cy", "d", "dx", "dy", "height", "r", "transform", "width", "x", "x1", "x2", "y", "y1", "y2"],
);

const LOOKS: ReadonlySet<string> = new Set([
  ...["fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray"],
  ...["stroke-linecap", "stroke-linejoin", "font-weight", "text-anchor"],
]);

/** The members that we read of a node of a document. */
export type SvgNode = Readonly<{
  nodeType: number;
  localName?: string;
  textContent: string | null;
  attributes?: Iterable<Readonly<{ name: string; value: string }>>;
  childNodes: Iterable<SvgNode>;
}>;

const ELEMENT = 1;
const TEXT = 3;

/** Copies the shapes and texts below a node; style sheets, scripts and links are left out. */
export function shapesIn({ childNodes }: SvgNode): (VNode | string)[] {
  return Array.from(childNodes).flatMap((node): (VNode | string)[] => {
    if (node.nodeType === TEXT) return [visibleLines(node.textContent ?? "")];
    if (node.nodeType !== ELEMENT || !ELEMENTS.has(node.localName ?? "")) return [];
    // An empty attribute says nothing, and HTML writes it without a value, which SVG files do not allow.
    const attributes = Array.from(node.attributes ?? [])
      .filter(({ name, value }) => value !== "" && (PLACES.has(name) || LOOKS.has(name)))
      .map(({ name, value }) => [name, PLACES.has(name) ? rounded(value) : value]);
    return [h(node.localName!, Object.fromEntries(attributes), shapesIn(node))];
  });
}

/** Rounds the fractions in an attribute to a tenth of a pixel. */
function rounded(value: string): string {
  return value.replace(
    /-?\d*\.\d+(?:e[-+]?\d+)?|-?\d+e[-+]?\d+/g,
    (number) => String(Math.round(Number(number) * 10) / 10),
  );
}
