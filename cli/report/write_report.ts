/** The files of a report. */
import { dirname, join } from "node:path";
import type { BuiltReport } from "./build_report.ts";

/** What a report can be written as. */
export const REPORT_FORMS = ["html", "markdown", "latex", "csv"] as const;

/** One of these. */
export type ReportForm = typeof REPORT_FORMS[number];

/** Form → the files that it consists of, by their names. */
const FILES: Readonly<Record<ReportForm, (built: BuiltReport) => Promise<ReadonlyMap<string, string>>>> = {
  async html({ report }) {
    const { reportHtml } = await import("../../adapters/report/html.ts");
    return new Map([["report.html", await reportHtml(report)]]);
  },
  async markdown({ report }) {
    const { reportMarkdown } = await import("../../adapters/report/markdown.ts");
    return new Map([["report.md", reportMarkdown(report)]]);
  },
  async latex({ report }) {
    const { latexTables } = await import("../../adapters/report/latex.ts");
    return within("latex", latexTables(report));
  },
  async csv({ report, data }) {
    const { reportData } = await import("../../adapters/report/data_files.ts");
    return within("data", reportData(report, data));
  },
};

/**
 * Writes a report into a folder.
 *
 * @param built The report.
 * @param folder The folder: empty.
 * @param forms What it is written as.
 * @returns Form → how many files it has.
 */
export async function writeReport(
  built: BuiltReport,
  folder: string,
  forms: readonly ReportForm[],
): Promise<Readonly<Partial<Record<ReportForm, number>>>> {
  const written: Partial<Record<ReportForm, number>> = {};
  for (const form of forms) {
    const files = await FILES[form](built);
    for (const [name, text] of files) {
      const path = join(folder, name);
      await Deno.mkdir(dirname(path), { recursive: true });
      await Deno.writeTextFile(path, text);
    }
    written[form] = files.size;
  }
  return written;
}

function within(folder: string, files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...files].map(([name, text]) => [join(folder, name), text]));
}
