/** Fits text into columns of a terminal, and colours it. */
import { styleText } from "node:util";
import stringWidth from "npm:string-width@9.0.0";
import wrapAnsi from "npm:wrap-ansi@10.0.2";
import type { TextSink } from "./text_sink.ts";

/** The number of terminal columns of a text: two for wide characters and emoji, none for combining marks. */
export function displayWidth(text: string): number {
  return stringWidth(text);
}

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * Shortens a text to a number of columns, and ends a shortened text with `…`.
 *
 * @param text One line without escape sequences.
 * @param columns At least 1.
 */
export function truncate(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let kept = "";
  let used = 1;
  for (const { segment } of segmenter.segment(text)) {
    used += displayWidth(segment);
    if (used > columns) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Fills a text up with spaces to a number of columns. A longer text does not change. */
export function pad(text: string, columns: number, side: "left" | "right" = "right"): string {
  const spaces = " ".repeat(Math.max(0, columns - displayWidth(text)));
  return side === "right" ? text + spaces : spaces + text;
}

/**
 * Breaks a text into lines at spaces. Keeps the line breaks of the text. Cuts words that are longer than a
 * line.
 */
export function wrap(text: string, columns: number): string[] {
  return wrapAnsi(text, columns, { hard: true }).split("\n");
}

/** A bar that shows the finished part of a whole. If the whole is 0, the bar is full. */
export function bar(part: number, whole: number, columns: number): string {
  const share = whole <= 0 ? 1 : Math.min(1, Math.max(0, part / whole));
  return "█".repeat(Math.floor(share * columns)).padEnd(columns, "░");
}

/** A colour or a weight of text. */
export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** Styles a text, if the sink shows colours. */
export function styled(sink: Pick<TextSink, "colours">, style: Style, text: string): string {
  return sink.colours && text !== "" ? styleText(style, text, { validateStream: false }) : text;
}

/** Joins parts into lines that fit the width. */
export function flow(parts: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const joined = `${last}   ${part}`;
    if (last !== undefined && displayWidth(joined) <= columns) lines[lines.length - 1] = joined;
    else lines.push(truncate(part, columns));
  }
  return lines;
}
