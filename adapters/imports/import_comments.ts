/** Importing a table of comments: the rows of a discussion need not stand together. */
import { quoted } from "../../core/experiment/problems.ts";
import { basename, dirname, join } from "node:path";
import type { Columns } from "../formats/columns.ts";
import { type CommentField, type CommentRow, CommentTable } from "../formats/comment_rows.ts";
import {
  conditionOf,
  type ConditionRule,
  type DiscussionMeta,
  type ToldCondition,
} from "../formats/condition_rule.ts";
import type { DateReading } from "../formats/dates.ts";
import { FormatError, type ImportProblem, readWholeDiscussion } from "../formats/format_error.ts";
import { rowsOf, type TableFormat } from "../formats/table_rows.ts";
import { TextFile } from "../formats/text_file.ts";
import type { ImportProblems } from "./import_problems.ts";
import type { ImportTarget } from "./import_target.ts";
import { Partition } from "./partition.ts";
import { readCorpus } from "./read_corpus.ts";
import type { SourceFile } from "./source_files.ts";

/** A table, and how its comments become discussions. */
export type CommentsImport = Readonly<{
  target: ImportTarget;
  problems: ImportProblems;
  columns: Columns<CommentField>;
  condition: ConditionRule;
  /** How dates are read. */
  dates: DateReading;
  /** Told what there is to know of how the table was read. */
  noted: (note: ImportProblem) => void;
  /** A folder for what is needed for a while. */
  scratch: string;
}>;

/**
 * Imports a table: its rows are first brought together by discussion, then each discussion is put where it goes.
 *
 * @param file The table.
 * @param how See there.
 * @returns SHA-256 (hex) of the file, and of those that belong to it.
 * @throws {FormatError} When the file cannot be read to its end; nothing of it was imported then.
 */
export async function importComments(
  file: SourceFile & Readonly<{ format: TableFormat | "convokit" }>,
  { target, problems, columns: mapped, condition, dates, noted, scratch }: CommentsImport,
): Promise<readonly (readonly [name: string, sha256: string])[]> {
  const isCorpus = file.format === "convokit";
  const { corpus, sources } = isCorpus ? await readCorpus(dirname(file.path)) : { corpus: null, sources: [] };
  const format = file.format !== "convokit" ? file.format : /\.json$/i.test(file.path) ? "json" : "jsonl";
  const text = new TextFile(file.path);
  using partition = new Partition<CommentRow>(scratch);
  const table = new CommentTable({
    mapped,
    whole: format === "csv",
    dates,
    ...(corpus === null ? {} : { about: corpus }),
  });
  for await (const row of rowsOf(text, format)) {
    const { discussion, comment } = table.read(row);
    if (discussion !== null) partition.add(discussion, comment);
    else {
      const message = row.problem ?? "the row does not say which discussion it belongs to";
      problems.add({ file: file.path, line: row.line, message });
    }
  }
  table.end();
  const sha256 = text.sha256();
  const source = { format: file.format, file: basename(file.path), sha256 };
  for await (const [id, rows] of partition.groups()) {
    await problems.guard(file.path, async () => {
      const discussion = table.discussion(id, rows, source);
      const meta = corpus?.conversation(id);
      const told = readWholeDiscussion(id, () => toldBy(rows, { folder: file.folder, condition, meta }));
      await target.add(discussion, told);
    });
  }
  const notes = [...table.notes, ...corpus?.notes() ?? []];
  for (const message of notes) noted({ file: file.path, message });
  return [
    [file.name, sha256],
    ...sources.map(([name, hash]) => [join(dirname(file.name), name), hash] as const),
  ];
}

function toldBy(
  rows: readonly CommentRow[],
  { folder, condition, meta }: Readonly<{ folder: string; condition: ConditionRule; meta?: DiscussionMeta }>,
): ToldCondition {
  const first = rows[0]!.condition;
  const other = rows.find((row) => row.condition !== first);
  if (other !== undefined) {
    throw new FormatError(
      `its condition is ${quoted(other.condition)}, that of the same discussion's first row ` +
        quoted(first),
      other.line,
    );
  }
  return conditionOf(first === "" ? folder : first, condition, meta);
}
