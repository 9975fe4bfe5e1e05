/** From the elements that the plotting library makes to markup: nothing passes but shapes and text. */
import { Markup, markup } from "./html_markup.ts";
import type { Image } from "./plots_drawing.ts";

/** What an image consists of. Style sheets are none of it: the page has one, and allows no other. */
const ELEMENTS: ReadonlySet<string> = new Set(["g", "path", "line", "rect", "circle", "text", "tspan"]);

const PLACES: ReadonlySet<string> = new Set(
  ["cx", "cy", "d", "dx", "dy", "height", "r", "transform", "width", "x", "x1", "x2", "y", "y1", "y2"],
);

const LOOKS: ReadonlySet<string> = new Set([
  ...["fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray"],
  ...["stroke-linecap", "stroke-linejoin", "font-weight", "text-anchor"],
]);

/** The part of a document's node that is read. */
export type SvgNode = Readonly<{
  nodeType: number;
  localName?: string;
  textContent: string | null;
  attributes?: Iterable<Readonly<{ name: string; value: string }>>;
  childNodes: Iterable<SvgNode>;
}>;

const ELEMENT = 1;
const TEXT = 3;

/**
 * Reads an image.
 *
 * @param svg The element `<svg>`.
 * @param width In pixels.
 * @param height In pixels.
 */
export function imageOf(svg: SvgNode, width: number, height: number): Image {
  return { width, height, content: new Markup(childrenOf(svg)) };
}

function childrenOf({ childNodes }: SvgNode): string {
  return Array.from(childNodes, markupOf).join("");
}

function markupOf(node: SvgNode): string {
  if (node.nodeType === TEXT) return markup`${node.textContent ?? ""}`.text;
  if (node.nodeType !== ELEMENT || !ELEMENTS.has(node.localName ?? "")) return "";
  const attributes = Array.from(node.attributes ?? [])
    .filter(({ name }) => PLACES.has(name) || LOOKS.has(name))
    .map(({ name, value }) => markup` ${name}="${PLACES.has(name) ? rounded(value) : value}"`.text).join("");
  return `<${node.localName}${attributes}>${childrenOf(node)}</${node.localName}>`;
}

/** A tenth of a pixel is more than anybody sees. */
function rounded(value: string): string {
  return value.replace(
    /-?\d*\.\d+(?:e[-+]?\d+)?|-?\d+e[-+]?\d+/g,
    (number) => String(Math.round(Number(number) * 10) / 10),
  );
}
