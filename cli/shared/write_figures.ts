/** Writes the figures of a report as files for a paper. */
import { join } from "node:path";
import type { Report } from "../../analysis/report/mod.ts";
import { VERSION } from "../../core/version.ts";
import { plural } from "../terminal/numbers.ts";
import { shownPath } from "./program.ts";

/** What the note of a folder of figures says. */
export type WrittenFigures = Readonly<{
  syndisco: string;
  figures: number;
  /** Form → how many files it has. */
  written: Readonly<Record<"svg" | "pdf", number>>;
}>;

/**
 * Writes every figure of a report into a folder, as SVG and as PDF.
 *
 * @returns The content of the folder's note.
 */
export async function writeFigures(report: Report, folder: string): Promise<WrittenFigures> {
  const { figureFiles } = await import("../../adapters/report/figure_files.ts");
  const files = await figureFiles(report);
  for (const [name, content] of files) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(join(folder, name), bytes);
  }
  const figures = files.size / 2;
  return { syndisco: VERSION, figures, written: { svg: figures, pdf: figures } };
}

/** The line that tells the user how many figures were written. */
export function figuresText(folder: string, { figures }: WrittenFigures): string {
  return `Wrote ${shownPath(folder)}: ${plural(figures, "figure")}, each as SVG and as PDF\n`;
}
