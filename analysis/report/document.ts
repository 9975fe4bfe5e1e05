/** The types of a report as a document without a layout. Texts are plain text, which each renderer must escape. */
import type { Interval } from "../statistics/distributions.ts";
import { isUnavailable, type Unavailable } from "../statistics/unavailable.ts";

/** A whole report. */
export type Report = Readonly<{
  title: string;
  /** The names of the runs, in one line. */
  subtitle: string;
  sections: readonly Section[];
  /** Whether paper and Markdown also have the sections of depth `detail`. Default: they do not. */
  isFull?: boolean;
}>;

/** A section of a report: a heading, and blocks below it. */
export type Section = Readonly<{
  /** Unique in the report: lower-case words joined by hyphens. */
  id: string;
  title: string;
  /**
   * `folded`: the HTML page shows the section only when the reader opens it. `detail`: the page does the same,
   * and paper and Markdown have the section only in a full report. Default: the section is always shown.
   */
  depth?: "folded" | "detail";
  blocks: readonly Block[];
}>;

/** The kinds of block in a section. */
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

/** A list of items without numbers. */
export type List = Readonly<{ kind: "list"; items: readonly string[] }>;

/** Terms and their values, such as `Seed: 42`. */
export type Facts = Readonly<
  { kind: "facts"; entries: readonly Readonly<{ term: string; value: string }>[] }
>;

/** A highlighted message: `flag` for an error, `caution` for a limit of the results, `note` for anything else. */
export type Callout = Readonly<{
  kind: "callout";
  tone: "flag" | "caution" | "note";
  title: string;
  text: string;
}>;

/** A text that is quoted unchanged, such as the experiment file. The HTML page shows it only when the reader opens it. */
export type Source = Readonly<{ kind: "source"; title: string; text: string }>;

/** A table that is a block of its own, and not part of a figure. */
export type TableBlock = Readonly<{ kind: "table"; table: Table }>;

/** An estimate with its interval, in one cell. */
export type Estimate = Interval & Readonly<{ estimate: number }>;

/** The content of a cell. {@linkcode Unavailable} says why a figure cannot be computed; `null` is an empty cell. */
export type Cell = string | number | Interval | Estimate | Unavailable | null;

/** How the cells of a column are written. Data files hold unrounded numbers. */
export type CellFormat =
  | Readonly<{ kind: "text" }>
  /** A whole number. */
  | Readonly<{ kind: "count" }>
  /** A number or an interval of numbers, with this many decimals. */
  | Readonly<{ kind: "number"; decimals: number }>
  /** A number or an interval of numbers, with three significant digits, because rows can have different units. */
  | Readonly<{ kind: "figure" }>
  /** A share from 0 to 1, or an interval of shares, as a percentage with one decimal. */
  | Readonly<{ kind: "share" }>
  /** A p value. */
  | Readonly<{ kind: "p" }>;

/** A column of a table. */
export type Column = Readonly<{
  /** The column's name in data files: letters, digits and underscores. */
  key: string;
  title: string;
  format: CellFormat;
}>;

/** A row of a table. A tone highlights the row. */
export type Row = Readonly<{ cells: readonly Cell[]; tone?: "flag" | "caution" }>;

/** A table of the report. It is also written as a data file. */
export type Table = Readonly<{
  /** Unique in the report, because it names the table's files. Lower-case words joined by hyphens. */
  id: string;
  title: string;
  /** A note below the table, such as how intervals were computed; empty for no note. */
  note: string;
  columns: readonly Column[];
  rows: readonly Row[];
}>;

/**
 * A table that is too long for a page, so it is written only as a data file. Its rows are made when they are
 * read.
 */
export type LongTable = Omit<Table, "rows"> & Readonly<{ rows: Iterable<Row> }>;

/** A plot, and the same results as a table. */
export type Figure = Readonly<{
  kind: "figure";
  title: string;
  /** Describes the plot for readers who cannot see it. */
  alt: string;
  /** One or two sentences that say how the plotted figures are estimated. It can be empty. */
  estimator?: string;
  plot: Plot;
  /** The same results as a table. The HTML page has it below the plot, and shows it only when the reader opens it. */
  table: Table;
}>;

/** The kinds of plot. The labels of axes contain the units. */
export type Plot =
  /** Means through the turns of a discussion, with intervals where they can be computed. */
  | Readonly<{
    kind: "turns";
    x: string;
    y: string;
    /** The range of the vertical axis, so that several plots can be compared. Default: the range of the values. */
    range?: readonly [number, number];
    series: readonly Readonly<{
      name: string;
      points: readonly Readonly<{ x: number; y: number; interval: Interval | null }>[];
    }>[];
  }>
  /** A histogram of the values of each group. A bar reaches from `from` to `to`. The shares of a group sum to 1. */
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
  /** Estimates of effects with their intervals, around a line at 0. */
  | Readonly<{
    kind: "forest";
    x: string;
    effects: readonly Readonly<{
      label: string;
      standing: Standing;
      estimate: number;
      interval: Interval;
    }>[];
  }>
  /** Means of the cells of two factors. One factor has a row for each level, the other a series for each level. */
  | Readonly<{
    kind: "cells";
    x: string;
    rows: readonly string[];
    series: readonly Readonly<{
      name: string;
      /** `row` is the index of a row. */
      points: readonly Readonly<{ row: number; mean: number; interval: Interval | null }>[];
    }>[];
  }>
  /** The shares of labels in each group, as parts of one bar. They are in the order of the labels, and sum to 1. */
  | Readonly<{
    kind: "shares";
    x: string;
    labels: readonly string[];
    groups: readonly Readonly<{ name: string; shares: readonly number[] }>[];
  }>
  /**
   * Estimates with their intervals at some places of the horizontal axis, joined by lines. `target` is a
   * horizontal line at the value to reach; `null` for no line.
   */
  | Readonly<{
    kind: "curve";
    x: string;
    y: string;
    /** The range of the vertical axis. Default: from 0 to the largest value. */
    range?: readonly [number, number];
    target: Readonly<{ name: string; y: number }> | null;
    series: readonly Readonly<{
      name: string;
      points: readonly Readonly<{ x: number; y: number; interval: Interval | null }>[];
    }>[];
  }>
  /** Several plots below each other. Each has a title, and all share one legend. */
  | Readonly<{ kind: "panels"; panels: readonly Readonly<{ title: string; plot: Plot }>[] }>;

/**
 * What a test can show.
 *
 * - `confirmatory`: the test was declared before the run.
 * - `sample-changed`: it was, but after its results were seen, the plan grew or logs were repaired.
 * - `exploratory`: all other tests.
 */
export type Standing = "confirmatory" | "sample-changed" | "exploratory";

/** The text of one discussion, word for word. */
export type Transcript = Readonly<{
  kind: "transcript";
  title: string;
  /** Why the report shows this discussion. */
  text: string;
  comments: readonly Readonly<{
    by: "opening" | "intervention" | "participant" | "moderator";
    author: string;
    /** The author's role; `null` for none. */
    role: string | null;
    /** The comment; `null` for silence. */
    text: string | null;
    /** Set if there is no comment because the reply was cut before any text. */
    isCut?: true;
    /** Set if a person's words cannot be read: the reason. `text` is then `null`. */
    withheld?: "withdrawn" | "sealed";
    /** The comment's annotations, such as `toxicity 3.5`; empty if there are none. */
    annotations: string;
  }>[];
}>;

/**
 * Divides the sections in two lists: the sections that paper and Markdown have, and the sections that they
 * leave out.
 */
export function printedSections(
  { sections, isFull = false }: Report,
): Readonly<{ printed: readonly Section[]; left: readonly Section[] }> {
  const isLeft = ({ depth }: Section) => depth === "detail" && !isFull;
  return { printed: sections.filter((section) => !isLeft(section)), left: sections.filter(isLeft) };
}

/** Lists the tables of a report, including the tables of figures. */
export function tablesOf(report: Report): Table[] {
  return report.sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => block.kind === "table" || block.kind === "figure" ? [block.table] : [])
  );
}

/**
 * Lists the reasons why figures of a table cannot be computed. Each reason is there once, in the order of the
 * rows.
 */
export function reasonsOf(table: Table): string[] {
  const cells = table.rows.flatMap(({ cells }) => cells);
  return [...new Set(cells.filter(isUnavailable).map(({ unavailable }) => unavailable))];
}

/** The text that is shown for a slot without a comment. */
export function silenceText(
  { isCut, withheld }: Pick<Transcript["comments"][number], "isCut" | "withheld">,
): string {
  if (withheld !== undefined) return withheld;
  return isCut ? "no comment: the reply was cut before any text" : "said nothing";
}
