/** A report as a document, without its looks. Its texts are plain; each renderer escapes them. */
import type { Interval } from "../statistics/distributions.ts";
import { isUnavailable, type Unavailable } from "../statistics/unavailable.ts";

/** A whole report. */
export type Report = Readonly<{
  title: string;
  /** What it is a report of, in one line. */
  subtitle: string;
  sections: readonly Section[];
}>;

/** A part of a report with a heading of its own. */
export type Section = Readonly<{
  /** Unique in the report: lower-case words joined by hyphens. */
  id: string;
  title: string;
  blocks: readonly Block[];
}>;

/** What sections consist of, in reading order. */
export type Block =
  | Heading
  | Paragraph
  | List
  | Facts
  | Callout
  | Source
  | TableBlock
  | Figure
  | Transcript;

/** A heading within a section. */
export type Heading = Readonly<{ kind: "heading"; title: string }>;

/** A paragraph of plain text. */
export type Paragraph = Readonly<{ kind: "paragraph"; text: string }>;

/** Items without an order. */
export type List = Readonly<{ kind: "list"; items: readonly string[] }>;

/** Terms and what they are, such as `Seed: 42`. */
export type Facts = Readonly<
  { kind: "facts"; entries: readonly Readonly<{ term: string; value: string }>[] }
>;

/** What must not be overlooked: `flag` for what is wrong, `caution` for what limits the results, `note` for the rest. */
export type Callout = Readonly<{
  kind: "callout";
  tone: "flag" | "caution" | "note";
  title: string;
  text: string;
}>;

/** A text as it stands in a file, such as the experiment's; shown on request. */
export type Source = Readonly<{ kind: "source"; title: string; text: string }>;

/** A table of its own. */
export type TableBlock = Readonly<{ kind: "table"; table: Table }>;

/** What a cell holds; a cell of an {@linkcode Unavailable} figure says why, and `null` is left empty. */
export type Cell = string | number | Interval | Unavailable | null;

/** How the cells of a column are written. Files of data hold the figures as they are. */
export type CellFormat =
  | Readonly<{ kind: "text" }>
  /** A whole number. */
  | Readonly<{ kind: "count" }>
  /** A number or an interval of numbers, with this many decimals. */
  | Readonly<{ kind: "number"; decimals: number }>
  /** A number or an interval of numbers, with three significant digits: rows can have different units. */
  | Readonly<{ kind: "figure" }>
  /** A share from 0 to 1, or an interval of such, as a percentage with one decimal. */
  | Readonly<{ kind: "share" }>
  /** A probability under the null. */
  | Readonly<{ kind: "p" }>;

/** A column of a table. */
export type Column = Readonly<{
  /** Its name in files of data: letters, digits and underscores. */
  key: string;
  title: string;
  format: CellFormat;
}>;

/** A row; `flag` and `caution` set it off, beside what its cells say. */
export type Row = Readonly<{ cells: readonly Cell[]; tone?: "flag" | "caution" }>;

/** A table, and a file of data. */
export type Table = Readonly<{
  /** Unique in the report: the name of its files. Lower-case words joined by hyphens. */
  id: string;
  title: string;
  /** What a reader must know of it, such as how intervals were computed; none if it is empty. */
  note: string;
  columns: readonly Column[];
  rows: readonly Row[];
}>;

/** A plot with the table of what it shows. */
export type Figure = Readonly<{
  kind: "figure";
  title: string;
  /** What it shows, for those who do not see it: the plot's text alternative. */
  alt: string;
  plot: Plot;
  /** Folded away below the plot. */
  table: Table;
}>;

/** What can be plotted. Labels of axes name units. */
export type Plot =
  /** Means through the turns of a discussion, each with its interval where there is one. */
  | Readonly<{
    kind: "turns";
    x: string;
    y: string;
    series: readonly Readonly<{
      name: string;
      points: readonly Readonly<{ x: number; y: number; interval: Interval | null }>[];
    }>[];
  }>
  /** How often values occur in each group: bars from `from` to `to`, whose shares of a group sum to 1. */
  | Readonly<{
    kind: "distribution";
    x: string;
    groups: readonly Readonly<{
      name: string;
      bars: readonly Readonly<{ from: number; to: number; share: number }>[];
    }>[];
  }>
  /** A dot for every discussion, and each group's mean with its interval. */
  | Readonly<{
    kind: "discussions";
    y: string;
    groups: readonly Readonly<{
      name: string;
      values: readonly number[];
      mean: number;
      interval: Interval | null;
    }>[];
  }>
  /** Estimates of effects with their intervals, about 0. */
  | Readonly<{
    kind: "forest";
    x: string;
    effects: readonly Readonly<{
      label: string;
      /** Whether the effect was declared before the run: confirmatory. */
      declared: boolean;
      estimate: number;
      interval: Interval;
    }>[];
  }>;

/** One discussion, word by word. */
export type Transcript = Readonly<{
  kind: "transcript";
  title: string;
  /** What it is an example of. */
  text: string;
  comments: readonly Readonly<{
    by: "opening" | "participant" | "moderator";
    author: string;
    /** The author's role; `null` for none. */
    role: string | null;
    /** What was said; `null` if nothing was. */
    text: string | null;
    /** Nothing was said because the reply was cut before any text. */
    isCut?: true;
    /** Its annotations, such as `toxicity 3.5`; empty if it was not. */
    annotations: string;
  }>[];
}>;

/** Lists the tables of a report, also the tables of figures. */
export function tablesOf(report: Report): Table[] {
  return report.sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => block.kind === "table" || block.kind === "figure" ? [block.table] : [])
  );
}

/** The notes below a table: each reason once why a figure cannot be computed, in the order of rows. */
export function reasonsOf(table: Table): string[] {
  const cells = table.rows.flatMap(({ cells }) => cells);
  return [...new Set(cells.filter(isUnavailable).map(({ unavailable }) => unavailable))];
}

/** What stands in the place of a text where there is none. */
export function silenceText(isCut: boolean | undefined): string {
  return isCut ? "no comment: the reply was cut before any text" : "said nothing";
}
