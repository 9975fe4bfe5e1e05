/** The tables of a report as LaTeX: files that a paper can include unchanged. */
import {
  checkReport,
  formatCell,
  isNumeric,
  printedSections,
  reasonsOf,
  type Report,
  type Table,
  tablesOf,
} from "../../analysis/report/mod.ts";
import { isUnavailable } from "../../analysis/mod.ts";
import { LATEX_LETTER, latexLines, latexText } from "./latex_text.ts";
import stringWidth from "npm:string-width@9.0.0";

/** Tables with more lines continue over pages. */
const FLOAT_LINES_MAX = 40;

const HEAD = String.raw`% These tables need LaTeX of 2020 or later, and this line in the document's preamble:
% \usepackage{array,booktabs,longtable}
% LuaLaTeX and XeLaTeX show the letters that the document's font has. pdfLaTeX shows rare signs, and letters of scripts
% other than Latin, by number, such as U+4F60. Tables that continue over pages need a document of one column.
${LATEX_LETTER}
`;

/**
 * Writes every table of a report, including the one beside each plot, with a caption, notes and the label `tab:<id>`.
 *
 * @returns The contents of files by name: a file `tables/<id>.tex` for each table, and `tables.tex` with the tables
 *   that the report in Markdown also has.
 * @throws TypeError as `checkReport()` does.
 */
export function latexTables(report: Report): ReadonlyMap<string, string> {
  checkReport(report);
  const tables = tablesOf(report).map((table) => ({ id: table.id, latex: tableLatex(table) }));
  const printed = new Set(
    tablesOf({ ...report, sections: printedSections(report).printed }).map(({ id }) => id),
  );
  const shown = tables.filter(({ id }) => printed.has(id));
  return new Map([
    ["tables.tex", [HEAD, ...shown.map(({ latex }) => latex)].join("\n")],
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

/** Writes a table that repeats its head on every page. */
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

/** A size of type: its LaTeX commands, and the width of a line and of a gap between columns, in characters. */
type TableScale = Readonly<{ commands: string; lineWidth: number; gap: number }>;

/** A table gets the first scale in which it fits. */
const SCALES: readonly TableScale[] = [
  { commands: "\\small", lineWidth: 72, gap: 2.7 },
  { commands: "\\footnotesize\\setlength{\\tabcolsep}{3pt}", lineWidth: 80, gap: 1.5 },
  { commands: "\\scriptsize\\setlength{\\tabcolsep}{2.5pt}", lineWidth: 88, gap: 1.3 },
];

/** Text columns of at most this width, in characters, are not broken into lines. */
const UNBROKEN_WIDTH_MAX = 10;

/** Longer words do not make their column wider. */
const WORD_WIDTH_MAX = 20;

/** The title and the cells of a column, as text. */
type ColumnText = Readonly<{ title: string; cells: readonly string[]; isNumeric: boolean }>;

/**
 * The layout of a column. If its cells are broken into lines, `share` is its share of the line's width; otherwise
 * `null`.
 */
type ColumnLayout = Readonly<{ titleLines: readonly string[]; share: number | null }>;

type TableLayout = Readonly<{ scale: TableScale; columns: readonly ColumnLayout[] }>;

type Measured = Readonly<{
  titleLines: readonly string[];
  width: number;
  /** The width of its longest word, at most `WORD_WIDTH_MAX`. */
  least: number;
  isBreakable: boolean;
  /** Whether any of its cells has several lines. */
  hasLines: boolean;
}>;

/**
 * Lays out columns. Numbers are never broken into lines. Texts are broken if the columns are too wide for the page, or
 * if a text has several lines.
 */
function layoutTable(columns: readonly ColumnText[]): TableLayout {
  const measured = columns.map(measuredColumn);
  const layouts = SCALES.map((scale) => layoutAt(measured, scale));
  return layouts.find(({ isFitting }) => isFitting) ?? layouts.at(-1)!;
}

/** How many lines of the page a row takes. */
function rowHeight(cells: readonly string[], { scale, columns }: TableLayout): number {
  const heights = cells.map((cell, index) => {
    const { share } = columns[index]!;
    if (share === null) return 1;
    const lines = cell.split("\n").map((line) => Math.ceil(stringWidth(line) / (share * scale.lineWidth)));
    return lines.reduce((sum, height) => sum + Math.max(1, height), 0);
  });
  return Math.max(1, ...heights);
}

function measuredColumn({ title, cells, isNumeric }: ColumnText): Measured {
  const lines = cells.flatMap((cell) => cell.split("\n"));
  const cellWidth = widest(lines);
  const titleLines = brokenTitle(title, Math.max(cellWidth, UNBROKEN_WIDTH_MAX));
  return {
    titleLines,
    width: Math.max(cellWidth, widest(titleLines)),
    least: Math.min(WORD_WIDTH_MAX, widest([title, ...lines].flatMap((line) => line.split(" ")))),
    isBreakable: !isNumeric && (cellWidth > UNBROKEN_WIDTH_MAX || lines.length > cells.length),
    hasLines: lines.length > cells.length,
  };
}

function layoutAt(columns: readonly Measured[], scale: TableScale): TableLayout & { isFitting: boolean } {
  const { lineWidth, gap } = scale;
  const room = lineWidth - gap * columns.length;
  const broken = columns.filter(({ isBreakable }) => isBreakable);
  const free = room - sumOf(columns.filter(({ isBreakable }) => !isBreakable), ({ width }) => width);
  const least = sumOf(broken, ({ least }) => least);
  const wanted = sumOf(broken, ({ width }) => width);
  // Every column gets room for its longest word. Columns share the rest in proportion to the room that they still need.
  const stretch = wanted <= least ? 1 : Math.min(1, Math.max(0, (free - least) / (wanted - least)));
  return {
    scale,
    isFitting: least <= free,
    columns: columns.map(({ titleLines, width, least, isBreakable, hasLines }) =>
      isBreakable && (stretch < 1 || hasLines)
        ? { titleLines: [titleLines.join(" ")], share: (least + stretch * (width - least)) / lineWidth }
        : { titleLines, share: null }
    ),
  };
}

/** Breaks a title into lines, so that a long title does not widen a column of short numbers. */
function brokenTitle(title: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of title.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && stringWidth(`${last} ${word}`) <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, stringWidth(text)), 0);
}

function sumOf<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}
