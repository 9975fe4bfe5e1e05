/** Tables for terminals, without lines around them. */
import { displayWidth, pad, styled, truncate } from "./text.ts";
import type { TextSink } from "./text_sink.ts";

/** A column of a table. */
export type Column = Readonly<{ title: string; align?: "left" | "right" }>;

const GAP = 2;

/** The smallest width of a shortened column, in characters. */
const WIDTH_MIN = 6;

/**
 * Lays a table out. If the table is too wide for a terminal, the widest left-aligned columns are shortened.
 * Right-aligned columns are never shortened. If the table is still too wide, each cell gets a line of its
 * own, cut at the terminal's width. In a file or a pipe, nothing is shortened.
 *
 * @param rows Cells of one line each. Control characters in them must be escaped already.
 * @returns The lines, each with a newline.
 */
export function table(
  sink: Pick<TextSink, "isTerminal" | "colours" | "columns">,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const widths = columns.map(({ title }, index) =>
    rows.reduce((widest, row) => Math.max(widest, displayWidth(row[index]!)), displayWidth(title))
  );
  const lines = !sink.isTerminal || shrink(widths, columns, sink.columns() - 1)
    ? sideBySide(sink, columns, { rows, widths })
    : oneByOne(columns, rows, sink.columns() - 1);
  return lines.map((text) => `${text}\n`).join("");
}

function sideBySide(
  sink: Pick<TextSink, "colours">,
  columns: readonly Column[],
  { rows, widths }: { rows: readonly (readonly string[])[]; widths: readonly number[] },
): string[] {
  const line = (cells: readonly string[]) =>
    cells.map((cell, index) => pad(truncate(cell, widths[index]!), widths[index]!, side(columns[index]!)))
      .join(" ".repeat(GAP)).trimEnd();
  return [styled(sink, "dim", line(columns.map(({ title }) => title))), ...rows.map(line)];
}

function oneByOne(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  room: number,
): string[] {
  const titleColumns = Math.max(...columns.map(({ title }) => displayWidth(title)));
  return rows.flatMap((row) =>
    columns.map(({ title }, index) => {
      const cell = index === 0 ? row[index]! : `  ${pad(title, titleColumns)}  ${row[index]}`;
      return truncate(cell, Math.max(1, room));
    })
  );
}

function side({ align }: Column): "left" | "right" {
  return align === "right" ? "left" : "right";
}

/** Shortens left-aligned columns, the widest first. Returns whether the table fits. */
function shrink(widths: number[], columns: readonly Column[], room: number): boolean {
  let surplus = widths.reduce((sum, width) => sum + width + GAP, -GAP) - room;
  for (; surplus > 0; surplus--) {
    let widest = -1;
    for (const [index, width] of widths.entries()) {
      const mayShrink = columns[index]!.align !== "right" && width > WIDTH_MIN;
      if (mayShrink && (widest === -1 || width > widths[widest]!)) widest = index;
    }
    if (widest === -1) return false;
    widths[widest]!--;
  }
  return true;
}
