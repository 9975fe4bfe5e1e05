/** Puts images below each other, each with a title: one image for several plots. */
import { h, type VNode } from "npm:preact@11.2.0";
import type { Image } from "./canvas.ts";
import { labelLines, LINE_HEIGHT, TEXT_SIZE } from "./labels.ts";

/** Room between two images, in pixels. */
const GAP = 14;

/** A title has at most this many lines. */
const TITLE_LINES_MAX = 3;

/** A part of a stack: an image with a title above it. An empty title is left out. */
export type Layer = Readonly<{ title: string; image: Image; isBold?: boolean }>;

/** @returns An image as wide as the widest part. */
export function stacked(layers: readonly Layer[]): Image {
  const width = Math.max(0, ...layers.map(({ image }) => image.width));
  const content: (VNode | string)[] = [];
  let top = 0;
  for (const { title, image, isBold = false } of layers) {
    if (top > 0) top += GAP;
    const lines = title === "" ? [] : labelLines(title, width, TITLE_LINES_MAX);
    content.push(
      ...lines.map((line, at) => textAt(line, 0, top + (at * LINE_HEIGHT + 1) * TEXT_SIZE, isBold)),
    );
    top += lines.length * LINE_HEIGHT * TEXT_SIZE + (lines.length > 0 ? 6 : 0);
    content.push(shape("g", { transform: `translate(0,${Math.round(10 * top) / 10})` }, image.content));
    top += image.height;
  }
  return { width, height: Math.ceil(top), content };
}

/**
 * A line of text.
 *
 * @param y The height of its baseline.
 */
export function textAt(text: string, x: number, y: number, isBold = false): VNode {
  const weight = isBold ? "600" : "400";
  const place = { x: String(x), y: String(Math.round(10 * y) / 10), "text-anchor": "start" };
  return shape("text", { ...place, fill: "currentColor", "font-weight": weight }, [text]);
}

/** An element of an image. */
export function shape(
  name: string,
  attributes: Readonly<Record<string, string>>,
  content: readonly (VNode | string)[],
): VNode {
  return h(name, { ...attributes } as Record<string, string>, [...content]);
}
