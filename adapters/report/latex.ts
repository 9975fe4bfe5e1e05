/** The tables of a report as LaTeX: files to put into a paper as they are. */
import {
  checkReport,
  formatCell,
  isNumeric,
  reasonsOf,
  type Report,
  type Table,
  tablesOf,
} from "../../analysis/report/mod.ts";
import { isUnavailable } from "../../analysis/mod.ts";
import { type ColumnLayout, layoutTable, rowHeight } from "./latex_columns.ts";
import { LATEX_LETTER, latexLines, latexText } from "./latex_text.ts";

/** Tables of more lines than this go on over pages. */
const FLOAT_LINES_MAX = 40;

const HEAD = String.raw`% For a LaTeX of 2020 or later, with this in the document's preamble:
% \usepackage{array,booktabs,longtable}
% LuaLaTeX and XeLaTeX show the letters that the document's font has. Letters of other than Latin scripts, and rare signs,
% are shown by number under pdfLaTeX, such as U+4F60. Tables that go on over pages need a document of one column.
${LATEX_LETTER}
`;

/**
 * Writes every table of a report, those of figures included, with its caption, its notes and the label `tab:<id>`.
 *
 * @param report The report.
 * @returns The contents of files by name: `tables.tex` with all of them, and `tables/<id>.tex` with one each.
 * @throws TypeError as `checkReport()` does.
 */
export function latexTables(report: Report): ReadonlyMap<string, string> {
  checkReport(report);
  const tables = tablesOf(report).map((table) => ({ id: table.id, latex: tableLatex(table) }));
  return new Map([
    ["tables.tex", [HEAD, ...tables.map(({ latex }) => latex)].join("\n")],
    ...tables.map(({ id, latex }) => [`tables/${id}.tex`, `${HEAD}\n${latex}`] as const),
  ]);
}

function tableLatex(table: Table): string {
  const { columns, rows } = table;
  const texts = rows.map(({ cells }) =>
    cells.map((cell, index) => formatCell(cell, columns[index]!.format).trim())
  );
  const layout = layoutTable(columns.map(({ title, format }, index) => ({
    title,
    cells: texts.map((row) => row[index]!),
    isNumeric: isNumeric(format),
  })));
  const height = texts.reduce((sum, row) => sum + rowHeight(row, layout), 0);
  const reasons = reasonsOf(table);
  const parts: TableParts = {
    caption: `\\caption{${latexText(table.title)}}\\label{tab:${table.id}}`,
    scale: layout.scale.commands,
    columns: columns.map(({ format }, index) => columnLatex(layout.columns[index]!, isNumeric(format))).join(
      "",
    ),
    head: columns.map(({ format }, index) => titleLatex(layout.columns[index]!, isNumeric(format))).join(
      " & ",
    ),
    body: rows.map(({ cells }, row) =>
      cells.map((cell, column) => {
        const text = latexLines(texts[row]![column]!, "\\newline");
        return isUnavailable(cell)
          ? `${text}\\textsuperscript{${reasons.indexOf(cell.unavailable) + 1}}`
          : text;
      }).join(" & ")
    ),
    notes: [
      latexLines(table.note, "\\par"),
      ...reasons.map((reason, index) => `\\textsuperscript{${index + 1}}~${latexText(reason)}`),
    ].filter((note) => note !== ""),
  };
  return height > FLOAT_LINES_MAX ? longTable(parts) : floatingTable(parts);
}

type TableParts = Readonly<{
  caption: string;
  scale: string;
  columns: string;
  head: string;
  body: readonly string[];
  notes: readonly string[];
}>;

function floatingTable({ caption, scale, columns, head, body, notes }: TableParts): string {
  return `\\begin{table}[htbp]
\\centering
${caption}
\\medskip
${scale}
\\begin{tabular}{${columns}}
\\toprule
${rowLatex(head)}\\midrule
${body.map(rowLatex).join("")}\\bottomrule
\\end{tabular}
${notesLatex(notes)}\\end{table}
`;
}

/** The head is repeated on every page. */
function longTable({ caption, scale, columns, head, body, notes }: TableParts): string {
  return `\\begingroup
${scale}
\\begin{longtable}{${columns}}
${caption}\\\\
\\toprule
${rowLatex(head)}\\midrule
\\endfirsthead
\\toprule
${rowLatex(head)}\\midrule
\\endhead
\\bottomrule
\\endfoot
${body.map(rowLatex).join("")}\\end{longtable}
${notesLatex(notes)}\\endgroup
`;
}

function rowLatex(cells: string): string {
  return `${cells} \\\\\n`;
}

function notesLatex(notes: readonly string[]): string {
  if (notes.length === 0) return "";
  return `\\par\\smallskip
\\noindent
\\begin{minipage}{\\linewidth}
\\footnotesize
\\raggedright
${notes.join("\\par\n")}
\\end{minipage}
`;
}

function columnLatex({ share }: ColumnLayout, numeric: boolean): string {
  if (share === null) return numeric ? "r" : "l";
  return `>{\\raggedright\\arraybackslash}p{${share.toFixed(3)}\\linewidth}`;
}

function titleLatex({ titleLines }: ColumnLayout, numeric: boolean): string {
  const [only, ...more] = titleLines.map(latexText);
  if (more.length === 0) return only ?? "";
  return `\\begin{tabular}[b]{@{}${numeric ? "r" : "l"}@{}}${[only, ...more].join("\\\\")}\\end{tabular}`;
}
