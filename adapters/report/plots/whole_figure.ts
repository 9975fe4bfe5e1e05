/** A figure as one image with its legend and the labels of its axes, for files outside the page. */
import type { VNode } from "npm:preact@11.2.0";
import { visibleLines } from "../../../analysis/report/mod.ts";
import { type Image, WIDTH } from "./canvas.ts";
import type { Drawing } from "./drawing.ts";
import { labelLines, labelWidth, LINE_HEIGHT, TEXT_SIZE } from "./labels.ts";
import { shape, stacked, textAt } from "./stack.ts";

/** Room between a sample and its name, and between two entries of a legend, in pixels. */
const NAME_GAP = 6;
const ENTRY_GAP = 16;

/** A name in a legend has at most this many lines. */
const NAME_LINES_MAX = 3;

const LEGEND_LINE = TEXT_SIZE * LINE_HEIGHT + 4;

/** Puts the parts of a drawing below each other. */
export function wholeFigure({ image, x, y, legend }: Drawing): Image {
  return stacked([
    ...legend.length === 0 ? [] : [{ title: "", image: legendImage(legend) }],
    { title: y, image },
    ...x === "" ? [] : [{ title: "", image: endingImage(visibleLines(x)) }],
  ]);
}

/** The entries of a legend in as many lines as they need. */
function legendImage(legend: Drawing["legend"]): Image {
  const content: VNode[] = [];
  let [left, top] = [0, 0];
  for (const { name, swatch } of legend) {
    const room = WIDTH - swatch.width - NAME_GAP;
    const lines = labelLines(name, room, NAME_LINES_MAX);
    const width = swatch.width + NAME_GAP + Math.max(...lines.map(labelWidth));
    if (left > 0 && (lines.length > 1 || left + width > WIDTH)) [left, top] = [0, top + LEGEND_LINE];
    content.push(
      shape("g", { transform: `translate(${left},${top + 2})` }, swatch.content),
      ...lines.map((line, at) =>
        textAt(line, left + swatch.width + NAME_GAP, top + TEXT_SIZE * (1 + LINE_HEIGHT * at))
      ),
    );
    top += (lines.length - 1) * TEXT_SIZE * LINE_HEIGHT;
    left = lines.length > 1 ? WIDTH : left + width + ENTRY_GAP;
  }
  return { width: WIDTH, height: top + LEGEND_LINE, content };
}

/** A text that ends at the right edge. */
function endingImage(text: string): Image {
  const place = { x: String(WIDTH), y: String(TEXT_SIZE), "text-anchor": "end", fill: "var(--soft)" };
  return { width: WIDTH, height: TEXT_SIZE * LINE_HEIGHT, content: [shape("text", place, [text])] };
}
