/** Labels within images, where nothing wraps lines. */
import stringWidth from "string-width";
import { visibleLines } from "../../core/report/mod.ts";
import { TEXT_SIZE } from "./plots_drawing.ts";

const SEGMENTER = new Intl.Segmenter("en", { granularity: "grapheme" });

/** A line up to the last place where it can be broken: names of conditions have few spaces. */
const BREAKABLE = /^.*[\s=,;:/_-](?=.)/su;

/** The widths of characters, in shares of the text's size: those of wide typefaces, so that no label is cut off. */
function widthOf(grapheme: string): number {
  if (/^[ijl.,:;'|!()\[\]tfr ]$/.test(grapheme)) return 0.42;
  if (/^[MWmw@%]$/.test(grapheme)) return 1;
  if (/^\p{Lu}$/u.test(grapheme)) return 0.75;
  return 0.65 * stringWidth(grapheme);
}

/**
 * How wide a label is at most.
 *
 * @param text One line.
 * @returns Pixels.
 */
export function labelWidth(text: string): number {
  let width = 0;
  for (const { segment } of SEGMENTER.segment(text)) width += widthOf(segment);
  return Math.ceil(width * TEXT_SIZE);
}

/**
 * Breaks a label into lines, between words where it can; what finds no place is left out, and an ellipsis says so.
 *
 * @param text The label.
 * @param width What a line may take, in pixels.
 * @param linesMax How many lines there may be.
 * @returns The lines, at least one.
 */
export function labelLines(text: string, width: number, linesMax: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const { segment } of SEGMENTER.segment(visibleLines(text).replace(/\s+/g, " ").trim())) {
    if (lines.length === linesMax) break;
    if (labelWidth(line + segment) <= width) line += segment;
    else {
      const end = segment === " " ? line.length : (line.match(BREAKABLE)?.[0].length ?? line.length);
      lines.push(line.slice(0, end).trimEnd());
      line = (line.slice(end) + segment).trimStart();
    }
  }
  if (lines.length < linesMax) return [...lines, line];
  return line === "" ? lines : [...lines.slice(0, -1), shortened(lines.at(-1)!, width)];
}

function shortened(line: string, width: number): string {
  const graphemes = Array.from(SEGMENTER.segment(line), ({ segment }) => segment);
  while (graphemes.length > 0 && labelWidth(`${graphemes.join("")}…`) > width) graphemes.pop();
  return `${graphemes.join("").trimEnd()}…`;
}
