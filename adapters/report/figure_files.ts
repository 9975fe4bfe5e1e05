/** The figures of a report as files for a paper. */
import { renderToString } from "npm:preact-render-to-string@6.8.2";
import { checkReport, type Figure, type Report, visibleLines } from "../../analysis/report/mod.ts";
import { LIGHT } from "./colours.ts";
import type { Image } from "./plots/canvas.ts";
import { openPlots } from "./plots/draw_plot.ts";
import { TEXT_SIZE } from "./plots/labels.ts";
import { shape } from "./plots/stack.ts";
import { wholeFigure } from "./plots/whole_figure.ts";

/** The colours of figures: the light ones, on white paper. */
const PAPER: Readonly<Record<string, string>> = { ...LIGHT, paper: "#ffffff", ink: "#000000" };

/**
 * Draws every figure as SVG and as PDF, without its caption.
 *
 * @returns Name → content. A figure is named after its table: `first-page-plot.svg`, `first-page-plot.pdf`. Figures
 *   without anything to plot are left out.
 * @throws TypeError as `checkReport()` does.
 */
export async function figureFiles(report: Report): Promise<ReadonlyMap<string, string | Uint8Array>> {
  checkReport(report);
  const draw = await openPlots();
  const { figurePdf } = await import("./figure_pdf.ts");
  const files = new Map<string, string | Uint8Array>();
  const figures = report.sections.flatMap(({ blocks }) => blocks).filter((block) => block.kind === "figure");
  for (const { plot, table, title } of figures) {
    const drawing = draw(plot);
    if (drawing === null) continue;
    const image = wholeFigure(drawing);
    files.set(`${table.id}.svg`, figureSvg(image, title));
    files.set(`${table.id}.pdf`, await figurePdf(image, { title, colourOf }));
  }
  return files;
}

/** The colour that a value of an attribute means, such as `var(--series-1)` and `currentColor`. */
export function colourOf(value: string): string {
  const [, name] = /^var\(--([\w-]+)\)$/.exec(value) ?? [];
  if (name !== undefined) return PAPER[name] ?? PAPER.ink!;
  return value === "currentColor" ? PAPER.ink! : value;
}

function figureSvg({ width, height, content }: Image, title: Figure["title"]): string {
  const root = {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `0 0 ${width} ${height}`,
    width: String(width),
    height: String(height),
    fill: PAPER.ink!,
    "text-anchor": "middle",
    "font-family": "Helvetica, Arial, sans-serif",
    "font-size": String(TEXT_SIZE),
    "xml:space": "preserve",
  };
  const svg = renderToString(shape("svg", root, [shape("title", {}, [visibleLines(title)]), ...content]))
    // HTML allows these signs in a text, XML does not.
    .replaceAll("]]>", "]]&gt;");
  return `${svg.replace(/"(var\(--[\w-]+\)|currentColor)"/g, (_, value) => `"${colourOf(value)}"`)}\n`;
}
