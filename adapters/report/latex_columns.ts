/** How the columns of a table share a line of a page. Widths are in characters, on the page of LaTeX's class `article`. */
import stringWidth from "string-width";

/** How a table is set: what LaTeX is told, how many characters then fit on a line, and how many a gap takes. */
export type TableScale = Readonly<{ commands: string; lineWidth: number; gap: number }>;

/** The first in which a table finds room is taken. */
const SCALES: readonly TableScale[] = [
  { commands: "\\small", lineWidth: 72, gap: 2.7 },
  { commands: "\\footnotesize\\setlength{\\tabcolsep}{3pt}", lineWidth: 80, gap: 1.5 },
  { commands: "\\scriptsize\\setlength{\\tabcolsep}{2.5pt}", lineWidth: 88, gap: 1.3 },
];

/** Columns of text that are no wider than this stay as they are when others have to be broken into lines. */
const UNBROKEN_WIDTH_MAX = 10;

/** Words longer than this do not make the column that they stand in wider. */
const WORD_WIDTH_MAX = 20;

/** What a column holds, as text. */
export type ColumnText = Readonly<{ title: string; cells: readonly string[]; isNumeric: boolean }>;

/** How a column is set: as wide as what it holds, or broken into lines on a share of the line, in (0, 1). */
export type ColumnLayout = Readonly<{ titleLines: readonly string[]; share: number | null }>;

/** How a table is set. */
export type TableLayout = Readonly<{ scale: TableScale; columns: readonly ColumnLayout[] }>;

type Measured = Readonly<{
  titleLines: readonly string[];
  width: number;
  /** What its longest word needs. */
  least: number;
  isBreakable: boolean;
  /** Whether cells of it have lines of their own. */
  hasLines: boolean;
}>;

/**
 * Gives columns their places: those of figures are never broken, and those of text only where the line is too short, or
 * their texts have lines of their own.
 *
 * @param columns What they hold.
 * @returns The layout; a table that is too wide for all is too wide on the page.
 */
export function layoutTable(columns: readonly ColumnText[]): TableLayout {
  const measured = columns.map(measuredColumn);
  const layouts = SCALES.map((scale) => layoutAt(measured, scale));
  return layouts.find(({ isFitting }) => isFitting) ?? layouts.at(-1)!;
}

/**
 * How many lines of the page a row takes.
 *
 * @param cells Its texts.
 * @param layout Its table's.
 */
export function rowHeight(cells: readonly string[], { scale, columns }: TableLayout): number {
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
  // Every column gets what its words need, and of what is left as much as it has to say.
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

/** Parts a title into lines of a width, so that a wide title of narrow figures takes no room. */
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
