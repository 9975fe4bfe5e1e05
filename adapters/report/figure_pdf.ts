/** Figures as PDF files: the shapes of an image, drawn with a library for PDF. */
import type { VNode } from "npm:preact@11.2.0";
import PDFDocument from "npm:pdfkit@0.20.2";
import type { Image } from "./plots/canvas.ts";
import { TEXT_SIZE } from "./plots/labels.ts";

/** Points in a pixel. */
const SCALE = 0.75;

/** Attributes that shapes inherit from the groups around them. */
type Look = Readonly<Record<string, string>>;

const START: Look = { fill: "currentColor", stroke: "none", "text-anchor": "middle", "stroke-width": "1" };

/** The letters that the typefaces of every PDF reader have, besides ASCII and Latin-1. */
const MORE_LETTERS = /[€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]/u;

/** How a figure becomes a file. */
export type PdfOptions = Readonly<{ title: string; colourOf: (value: string) => string }>;

/**
 * @returns The content of a PDF file with one page, as large as the image. Equal images give equal files. Letters
 *   that Helvetica lacks are shown by their number, such as U+4F60.
 */
export async function figurePdf(
  { width, height, content }: Image,
  { title, colourOf }: PdfOptions,
): Promise<Uint8Array> {
  const info = { Title: title, CreationDate: new Date(0) };
  const document: Pdf = new PDFDocument({ size: [width * SCALE, height * SCALE], margin: 0, info });
  const chunks: Uint8Array[] = [];
  const ended = new Promise<void>((resolve) => {
    document.on("data", (chunk) => chunks.push(chunk));
    document.on("end", () => resolve());
  });
  document.scale(SCALE);
  for (const node of content) drawNode(node, { document, colourOf, look: START });
  document.end();
  await ended;
  return new Uint8Array(await new Blob(chunks as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}

type Drawn = Readonly<{ document: Pdf; colourOf: (value: string) => string; look: Look }>;

function drawNode(node: VNode | string, { document, colourOf, look: around }: Drawn): void {
  if (typeof node === "string") return;
  const { children, ...own } = node.props as Record<string, unknown>;
  const look: Look = { ...around, transform: "", ...own as Record<string, string> };
  const content = [children].flat(Infinity) as (VNode | string)[];
  const [, x = "0", y = "0"] = /translate\(([-\d.]+),([-\d.]+)\)/.exec(look.transform ?? "") ?? [];
  document.save().translate(Number(x), Number(y));
  const at = (name: string) => Number(look[name] ?? 0);
  switch (node.type) {
    case "g":
      for (const child of content) drawNode(child, { document, colourOf, look });
      break;
    case "path":
      painted(document.path(look.d!), look, colourOf);
      break;
    case "line":
      painted(document.moveTo(at("x1"), at("y1")).lineTo(at("x2"), at("y2")), look, colourOf);
      break;
    case "rect":
      painted(document.rect(at("x"), at("y"), at("width"), at("height")), look, colourOf);
      break;
    case "circle":
      painted(document.circle(at("cx"), at("cy"), at("r")), look, colourOf);
      break;
    case "text":
      drawText(content, { document, colourOf, look });
      break;
    default:
      throw new TypeError(`Cannot draw "${String(node.type)}" in a PDF file`);
  }
  document.restore();
}

function painted(document: Pdf, look: Look, colourOf: Drawn["colourOf"]): void {
  const has = (name: "fill" | "stroke") => look[name] !== "none";
  document.fillOpacity(Number(look["fill-opacity"] ?? 1)).strokeOpacity(Number(look["stroke-opacity"] ?? 1));
  document.lineWidth(Number(look["stroke-width"]));
  const dashes = (look["stroke-dasharray"] ?? "").split(/[\s,]+/).map(Number).filter((length) => length > 0);
  if (dashes.length > 0) document.dash(dashes);
  if (has("fill") && has("stroke")) document.fillAndStroke(colourOf(look.fill!), colourOf(look.stroke!));
  else if (has("fill")) document.fill(colourOf(look.fill!));
  else if (has("stroke")) document.stroke(colourOf(look.stroke!));
}

/** Draws the lines of a text. Each part has the line's height, in pixels or in the size of the text. */
function drawText(content: readonly (VNode | string)[], { document, colourOf, look }: Drawn): void {
  let y = length(look.y);
  const line = (text: string, x: number) => {
    const shown = lettersOf(text);
    document.font(Number(look["font-weight"] ?? 400) > 500 ? "Helvetica-Bold" : "Helvetica").fontSize(
      TEXT_SIZE,
    );
    const width = document.widthOfString(shown);
    const left = { start: 0, middle: width / 2, end: width }[look["text-anchor"]!] ?? 0;
    document.fillOpacity(1).fillColor(colourOf(look.fill!)).text(shown, x - left, y, {
      lineBreak: false,
      baseline: "alphabetic",
    });
  };
  for (const part of content) {
    if (typeof part === "string") {
      line(part, length(look.x));
      continue;
    }
    const { children, ...own } = part.props as Record<string, unknown>;
    const place = own as Record<string, string>;
    y = (place.y === undefined ? y : length(place.y)) + length(place.dy);
    line([children].flat(Infinity).join(""), length(place.x));
  }
}

/** A length in pixels: `12`, `0.3em`. */
function length(text = "0"): number {
  return parseFloat(text) * (text.endsWith("em") ? TEXT_SIZE : 1);
}

/** A text in the letters of Helvetica. A minus sign becomes a dash, which looks the same. */
function lettersOf(text: string): string {
  return Array.from(text.replaceAll("−", "–"), (letter) => {
    const code = letter.codePointAt(0)!;
    const isKnown = (code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code < 0x100) ||
      MORE_LETTERS.test(letter);
    return isKnown ? letter : `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  }).join("");
}

/** The parts of the library that this file uses. The library has no types of its own. */
interface Pdf {
  on(event: "data", take: (chunk: Uint8Array) => void): void;
  on(event: "end", take: () => void): void;
  end(): void;
  save(): Pdf;
  restore(): Pdf;
  scale(factor: number): Pdf;
  translate(x: number, y: number): Pdf;
  path(d: string): Pdf;
  moveTo(x: number, y: number): Pdf;
  lineTo(x: number, y: number): Pdf;
  rect(x: number, y: number, width: number, height: number): Pdf;
  circle(x: number, y: number, radius: number): Pdf;
  fillOpacity(opacity: number): Pdf;
  strokeOpacity(opacity: number): Pdf;
  lineWidth(width: number): Pdf;
  dash(lengths: readonly number[]): Pdf;
  fill(colour: string): Pdf;
  stroke(colour: string): Pdf;
  fillAndStroke(fill: string, stroke: string): Pdf;
  fillColor(colour: string): Pdf;
  font(name: string): Pdf;
  fontSize(size: number): Pdf;
  widthOfString(text: string): number;
  text(text: string, x: number, y: number, options: Readonly<{ lineBreak: boolean; baseline: string }>): Pdf;
}
