/** Text in a given number of columns. */
import stringWidth from "string-width";

/** How many columns a terminal uses for a text: two for wide characters and emoji, none for combining marks. */
export function displayWidth(text: string): number {
  return stringWidth(text);
}

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * Shortens a text to a number of columns; `…` shows where something is missing.
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

/** Fills a text up with spaces; a longer one stays as it is. */
export function pad(text: string, columns: number, side: "left" | "right" = "right"): string {
  const spaces = " ".repeat(Math.max(0, columns - displayWidth(text)));
  return side === "right" ? text + spaces : spaces + text;
}

/**
 * Breaks a paragraph into lines at its spaces. A word that is longer than a line is cut.
 *
 * @param text Without escape sequences; its own line breaks stay.
 * @param columns At least 1.
 */
export function wrap(text: string, columns: number): string[] {
  return text.split("\n").flatMap((line) => wrapLine(line, columns));
}

function wrapLine(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  let used = 0;
  for (const word of text.split(" ")) {
    const width = displayWidth(word);
    if (used > 0 && used + 1 + width <= columns) {
      line += ` ${word}`;
      used += 1 + width;
      continue;
    }
    if (used > 0) lines.push(line);
    [line, used] = [word, width];
    while (used > columns) {
      const head = headOf(line, columns);
      lines.push(head);
      line = line.slice(head.length);
      used = displayWidth(line);
    }
  }
  lines.push(line);
  return lines;
}

/** The beginning that fits; one character at least, so that the caller gets on. */
function headOf(text: string, columns: number): string {
  let head = "";
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    used += displayWidth(segment);
    if (used > columns && head !== "") break;
    head += segment;
  }
  return head;
}
