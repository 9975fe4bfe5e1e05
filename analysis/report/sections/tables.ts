/** What the tables of several sections have in common. */
import type { Block, CellFormat, Column, Paragraph, Source, Table } from "../document.ts";
import { plural } from "../numbers.ts";
import { howMany, shortened } from "../words.ts";

/** A column of texts. */
export const TEXT: CellFormat = { kind: "text" };
/** A column of whole numbers. */
export const COUNT: CellFormat = { kind: "count" };
/** A column of shares. */
export const SHARE: CellFormat = { kind: "share" };

/** Rows of a table of facts; further ones are only counted. */
const ROWS_MAX = 100;

/** Characters of a text in a cell; a longer one is cut there, and stands below its table as a whole. */
const CELL_TEXT_MAX = 120;

/** Texts below a table; further ones are only counted. */
const TEXTS_BELOW_MAX = 20;

/** What stands where imported files say nothing. */
export const NOT_KNOWN = "not known";

/** What tells the tables of a run from those of others: empty where there is one run alone. */
export type Suffix = string;

/**
 * Blocks of every run, with a heading for each where there are several.
 *
 * @param runs The runs.
 * @param blocksOf The blocks of one; the suffix keeps the names of its tables apart from those of others.
 */
export function ofEachRun<Run extends Readonly<{ run: string }>>(
  runs: readonly Run[],
  blocksOf: (run: Run, suffix: Suffix) => readonly Block[],
): readonly Block[] {
  if (runs.length === 1) return blocksOf(runs[0]!, "");
  return runs.flatMap((run, at) => [
    { kind: "heading", title: `Run ${run.run}` } as const,
    ...blocksOf(run, `-${at + 1}`),
  ]);
}

/** A column. */
export function column(key: string, title: string, format: CellFormat = TEXT): Column {
  return { key, title, format };
}

/** A text in a cell. */
export function cell(text: string): string {
  return shortened(text, CELL_TEXT_MAX);
}

/** The texts that are too long for their cells, as blocks to stand below the table. */
export function below(
  texts: readonly Readonly<{ title: string; text: string }>[],
): readonly (Source | Paragraph)[] {
  const long = texts.filter(({ text }) => text.length > CELL_TEXT_MAX);
  const rest = long.length - TEXTS_BELOW_MAX;
  return [
    ...long.slice(0, TEXTS_BELOW_MAX).map(({ title, text }) =>
      ({ kind: "source", title, text: shortened(text) }) as const
    ),
    ...(rest > 0 ? [{ kind: "paragraph", text: `And ${plural(rest, "more long text")}.` } as const] : []),
  ];
}

/** A table of so many rows at most, which says what it leaves out. */
export function bounded(table: Table, complete: boolean): Table {
  const rest = table.rows.length - ROWS_MAX;
  if (rest <= 0 && complete) return table;
  const left = rest > 0
    ? `The first ${ROWS_MAX} of ${howMany({ values: table.rows, complete }, "row")}.`
    : "There are more than are kept.";
  return {
    ...table,
    note: [table.note, left].filter((part) => part !== "").join(" "),
    rows: table.rows.slice(0, ROWS_MAX),
  };
}
