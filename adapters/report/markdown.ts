/** A report as Markdown: CommonMark with the tables of GitHub. */
import { markdownTable } from "npm:markdown-table@3.1.0";
import stringWidth from "npm:string-width@9.0.0";
import {
  type Block,
  checkReport,
  formatCell,
  isNumeric,
  printedSections,
  reasonsOf,
  type Report,
  type Row,
  type Section,
  silenceText,
  type Table,
  type Transcript,
} from "../../analysis/report/mod.ts";
import { isUnavailable } from "../../analysis/mod.ts";
import { joined } from "../../analysis/report/words.ts";
import { markdownBold, markdownCell, markdownFenced, markdownLine, markdownProse } from "./markdown_text.ts";

/** The columns of a table are aligned in the file if no line gets longer than this. */
const LINE_LENGTH_MAX = 160;

const PLOTS_ELSEWHERE = "The plots are in the HTML form of this report; here, tables show the same results.";

const TONES = { flag: "Warning: ", caution: "Caution: ", note: "" } as const;

/**
 * Writes a report as Markdown. Markup in its texts is escaped.
 *
 * @param plots Says where the plots are. Default: in the HTML form.
 * @returns The content of a file: CommonMark, with tables as GitHub, GitLab, Pandoc and Quarto read them.
 * @throws TypeError as `checkReport()` does.
 */
export function reportMarkdown(report: Report, plots: string = PLOTS_ELSEWHERE): string {
  checkReport(report);
  const { printed, left } = printedSections(report);
  const plotted = printed.some(({ blocks }) => blocks.some(({ kind }) => kind === "figure"));
  return lined([
    `# ${markdownLine(report.title)}`,
    markdownProse(report.subtitle),
    plotted ? plots : "",
    ...printed.flatMap(sectionMarkdown),
    left.length === 0 ? "" : markdownProse(leftOut(left)),
  ]) + "\n";
}

function leftOut(sections: readonly Section[]): string {
  return `Not in this file: ${
    joined(sections.map(({ title }) => title))
  }. The HTML form of this report has them, and so has this file if the report is made with --full.`;
}

/** Joins blocks, with an empty line between two of them. */
function lined(blocks: readonly string[]): string {
  return blocks.filter((block) => block !== "").join("\n\n");
}

function sectionMarkdown({ title, blocks }: Section): string[] {
  return [`## ${markdownLine(title)}`, ...blocks.map(blockMarkdown)];
}

function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `### ${markdownLine(block.title)}`;
    case "paragraph":
      return markdownProse(block.text);
    case "list":
      return block.items.map((item) => `- ${markdownProse(item, "  ")}`).join("\n");
    case "facts":
      return block.entries.map(({ term, value }) =>
        `- ${markdownBold(`${term}:`)} ${markdownProse(value, "  ")}`
      )
        .join("\n");
    case "callout":
      return `> ${markdownBold(TONES[block.tone] + block.title)}\n>\n> ${markdownProse(block.text, "> ")}`;
    case "source":
      return lined([markdownBold(block.title), markdownFenced(block.text)]);
    case "table":
      return tableMarkdown(block.table);
    case "figure":
      return lined([
        `Figure: ${markdownBold(block.title)}`,
        markdownProse(block.estimator ?? ""),
        markdownProse(block.alt),
        tableMarkdown(block.table),
      ]);
    case "transcript":
      return transcriptMarkdown(block);
    default:
      block satisfies never;
      throw new TypeError(`Cannot write a block "${JSON.stringify(block)}"`);
  }
}

function tableMarkdown(table: Table): string {
  const { title, note, columns, rows } = table;
  const reasons = reasonsOf(table);
  const cells = [
    columns.map(({ title }) => markdownCell(title)),
    ...rows.map((row) => rowMarkdown(row, table, reasons)),
  ];
  const isNarrow = cells.every((row) =>
    row.reduce((sum, cell) => sum + stringWidth(cell) + 3, 1) <= LINE_LENGTH_MAX
  );
  return lined([
    `Table: ${markdownBold(title)}`,
    markdownTable(cells, {
      align: columns.map(({ format }) => isNumeric(format) ? "right" : "left"),
      alignDelimiters: isNarrow,
      stringLength: stringWidth,
    }),
    markdownProse(note),
    reasons.map((reason, index) => `– (${index + 1}): ${markdownLine(reason)}`).join("\\\n"),
  ]);
}

/** The cells of a row. If the row has a tone, its first cell is bold. */
function rowMarkdown({ cells, tone }: Row, { columns }: Table, reasons: readonly string[]): string[] {
  return cells.map((cell, index) => {
    const text = formatCell(cell, columns[index]!.format);
    if (isUnavailable(cell)) return `${text} (${reasons.indexOf(cell.unavailable) + 1})`;
    return tone !== undefined && index === 0 ? markdownBold(text) : markdownCell(text);
  });
}

function transcriptMarkdown({ title, text, comments }: Transcript): string {
  return lined([
    `### ${markdownLine(title)}`,
    markdownProse(text),
    ...comments.flatMap((comment) => {
      const { by, author, role, text, annotations } = comment;
      const about = [role ?? "", by === "participant" ? "" : by].filter((word) => word !== "").join(", ");
      return [
        [markdownBold(author), markdownLine(about === "" ? "" : `(${about})`), markdownLine(annotations)]
          .filter((part) => part !== "").join(" "),
        `> ${text === null ? `*${silenceText(comment)}*` : markdownProse(text, "> ")}`.trimEnd(),
      ];
    }),
  ]);
}
