/** Breaks labels into lines: SVG does not wrap text. */
import stringWidth from "npm:string-width@9.0.0";
import { visibleLines } from "../../../analysis/report/mod.ts";

/** The size of text in plots, in pixels. */
export const TEXT_SIZE = 14;

/** The height of a line of a label, as a multiple of the text's size. */
export const LINE_HEIGHT = 1.25;

const SEGMENTER = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * A line up to the last point where it can be broken: after a space or a mark, because names of conditions have few
 * spaces.
 */
const BREAKABLE = /^.*[\s=,;:/_-](?=.)/su;

/** The width of a character in a wide typeface, as a share of the text's size, so that no label is cut off. */
function widthOf(grapheme: string): number {
  if (/^[ijl.,:;'|!()\[\]tfr ]$/.test(grapheme)) return 0.42;
  if (/^[MWmw@%]$/.test(grapheme)) return 1;
  if (/^\p{Lu}$/u.test(grapheme)) return 0.75;
  return 0.65 * stringWidth(grapheme);
}

/**
 * How wide a label is at most.
 *
 * @returns Pixels.
 */
export function labelWidth(text: string): number {
  return pixels(sharesOf(text));
}

function sharesOf(text: string): number {
  let shares = 0;
  for (const { segment } of SEGMENTER.segment(text)) shares += widthOf(segment);
  return shares;
}

function pixels(shares: number): number {
  return Math.ceil(shares * TEXT_SIZE);
}

/**
 * Breaks a label into lines, between words if possible. A label that does not fit ends with an ellipsis.
 *
 * @param width The greatest width of a line, in pixels.
 */
export function labelLines(text: string, width: number, linesMax: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  // A line can hold very many characters without a width, so it is not measured again for each of them.
  let shares = 0;
  for (const { segment } of SEGMENTER.segment(visibleLines(text).replace(/\s+/g, " ").trim())) {
    if (lines.length === linesMax) break;
    const more = shares + widthOf(segment);
    if (pixels(more) <= width) {
      line += segment;
      shares = more;
    } else {
      const end = segment === " " ? line.length : (line.match(BREAKABLE)?.[0].length ?? line.length);
      lines.push(line.slice(0, end).trimEnd());
      line = (line.slice(end) + segment).trimStart();
      shares = sharesOf(line);
    }
  }
  if (lines.length < linesMax) return [...lines, line];
  return [...lines.slice(0, -1), shortened(lines.at(-1)!, width)];
}

function shortened(line: string, width: number): string {
  const ellipsis = widthOf("…");
  let kept = "";
  let shares = 0;
  for (const { segment } of SEGMENTER.segment(line)) {
    shares += widthOf(segment);
    if (pixels(shares + ellipsis) > width) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}
