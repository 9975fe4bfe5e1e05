/** Imports discussions from files into a run folder. */
import { basename, dirname, join } from "node:path";
import { VERSION } from "../../core/version.ts";
import type { Columns } from "../formats/columns.ts";
import { type CommentField, type CommentRow, CommentTable } from "../formats/comment_table.ts";
import {
  conditionOf,
  type ConditionRule,
  type DiscussionMeta,
  type ToldCondition,
} from "../formats/condition_rule.ts";
import { type DateReading, readDateReading } from "../formats/dates.ts";
import { FormatError, type ImportProblem, readWholeDiscussion } from "../formats/format_error.ts";
import { readPythonDiscussion, type RoleRule } from "../formats/python_discussion.ts";
import { readWhole, TextFile } from "../formats/text_file.ts";
import { nativeSha256, platformVersions, systemClock } from "../system.ts";
import { runAt, scratchIn, type Shards } from "../stores/mod.ts";
import { ImportProblems, type ProblemOptions } from "./import_problems.ts";
import { type ImportCounts, ImportTarget } from "./import_target.ts";
import { type DiscussionFormat, type SourceFile, sourceFiles } from "./source_files.ts";
import { quoted } from "../../core/experiment/problems.ts";
import { readDeliberateLab } from "../formats/deliberate_lab.ts";
import { LIST_BYTES_MAX, rowsOf, type TableFormat } from "../formats/table_rows.ts";
import { Partition } from "./partition.ts";
import { readCorpus } from "../formats/convokit_corpus.ts";

/** The largest file of one discussion, or of one annotator's replies. */
export const DISCUSSION_BYTES_MAX = 32 * 1024 * 1024;

/**
 * If there are more files than this, discussions are spread over sub-folders, because large folders are slow
 * to list.
 */
const FLAT_FILES_MAX = 5000;

/** A larger table probably holds too many discussions for one folder. */
const FLAT_TABLE_BYTES_MAX = 16 * 1024 * 1024;

/** How many characters of a hash distinguish files with the same name. */
const HASH_CHARS = 8;

/** How discussions are imported. */
export type ImportOptions =
  & ProblemOptions
  & Readonly<{
    out: string;
    /** The format of all files. Default: recognised for each file. */
    format?: Exclude<DiscussionFormat, "convokit">;
    columns: Columns<CommentField>;
    condition: ConditionRule;
    /** How dates are read. Default: in the forms of ISO 8601 and RFC 2822, and in UTC if they have no offset. */
    dates?: DateReading;
    /** Finds participants' roles in their instructions. */
    roles: readonly RoleRule[];
    /** Whether private facts of a file of Deliberate Lab are kept. Default: no. */
    keepPrivate?: boolean;
  }>;

/** The result of an import. */
export type ImportOutcome =
  & ImportCounts
  & Readonly<{
    folder: string;
    files: number;
    problems: number;
    /** Notes for the user on how files were read, besides the problems. */
    notes: readonly ImportProblem[];
  }>;

/**
 * Imports discussions. Each discussion is imported completely or not at all, even if the process is killed. Existing
 * discussions stay as they are.
 *
 * @throws {FormatError} If there is nothing to import.
 * @throws {ImportStopped} At the first problem of a strict import.
 * @throws {RunError} If the folder is in use, has other content, or cannot be written to.
 * @throws {StoreError} If a discussion cannot be written.
 */
export async function importDiscussions(
  paths: readonly string[],
  options: ImportOptions,
): Promise<ImportOutcome> {
  const problems = new ImportProblems(options);
  const files = await sourceFiles(paths, {
    format: options.format,
    except: options.out,
    unusable: (file, message) => problems.add({ file, message }),
  });
  const nowMs = systemClock.now();
  const versions = { syndisco: VERSION, ...platformVersions() };
  const folder = await (await runAt(options.out)).openImport({ nowMs, versions, shards: shardsFor(files) });
  const sources: (readonly [string, string])[] = [];
  const notes: ImportProblem[] = [];
  try {
    using scratch = scratchIn(options.out);
    const target = await ImportTarget.of(folder, nowMs);
    const finish = async () => {
      await folder.flush();
      await folder.recordImport(namedSources(folder.manifest.sources, sources), target.plan);
    };
    try {
      for (const [number, file] of files.entries()) {
        const ownScratch = join(scratch.path, String(number));
        await problems.guard(file.path, async () => {
          if (file.format === "python-library") {
            sources.push([file.name, await importOne(file, target, options)]);
            return;
          }
          if (file.format === "deliberate-lab") {
            sources.push([file.name, await importLab(file, target, { ...options, problems, notes })]);
            return;
          }
          const read = await importComments({ ...file, format: file.format }, {
            ...options,
            target,
            problems,
            notes,
            scratch: ownScratch,
          });
          sources.push(...read);
        });
      }
    } finally {
      await finish();
    }
    return { folder: options.out, files: files.length, problems: problems.count, notes, ...target.counts };
  } finally {
    await folder.close();
  }
}

async function importOne(file: SourceFile, target: ImportTarget, options: ImportOptions): Promise<string> {
  const { text, sha256 } = await readWhole(file.path, DISCUSSION_BYTES_MAX);
  const source = { file: basename(file.path), sha256 };
  const discussion = readPythonDiscussion(text, source, { roles: options.roles, sha256: nativeSha256 });
  await target.add(discussion, conditionOf(file.folder, options.condition));
  return sha256;
}

/**
 * Imports the discussions of one experiment of Deliberate Lab. A discussion that cannot be read is a problem.
 */
async function importLab(
  file: SourceFile,
  target: ImportTarget,
  { condition, keepPrivate = false, problems, notes }:
    & Pick<ImportOptions, "condition" | "keepPrivate">
    & Pick<CommentsImport, "problems" | "notes">,
): Promise<string> {
  const { text, sha256 } = await readWhole(file.path, LIST_BYTES_MAX);
  const read = readDeliberateLab(text, { file: basename(file.path), sha256 }, { keepPrivate });
  for (const { id, condition: name, variables, read: readOne } of read.discussions) {
    await problems.guard(file.path, async () => {
      const [discussion, told] = readWholeDiscussion(
        id,
        () => [readOne(), conditionOf(name, condition, variables)] as const,
      );
      await target.add(discussion, told);
    });
  }
  for (const message of read.notes) notes.push({ file: file.path, message });
  return sha256;
}

/** Name of a file → its hash. If files have the same name, the beginning of the hash is added to the name. */
function namedSources(
  held: Readonly<Record<string, string>>,
  sources: readonly (readonly [name: string, sha256: string])[],
): Readonly<Record<string, string>> {
  const named = new Map(Object.entries(held));
  for (const [name, sha256] of sources) {
    const isOther = (named.get(name) ?? sha256) !== sha256;
    named.set(isOther ? `${name} (${sha256.slice(0, HASH_CHARS)})` : name, sha256);
  }
  return Object.fromEntries(named);
}

function shardsFor(files: readonly SourceFile[]): Shards {
  const tableBytes = files.reduce(
    (sum, { format, bytes }) => sum + (format === "python-library" ? 0 : bytes),
    0,
  );
  return files.length > FLAT_FILES_MAX || tableBytes > FLAT_TABLE_BYTES_MAX ? 256 : 0;
}

type CommentsImport =
  & Pick<ImportOptions, "columns" | "condition" | "dates">
  & Readonly<{
    target: ImportTarget;
    problems: ImportProblems;
    notes: ImportProblem[];
    scratch: string;
  }>;

/**
 * Imports a table of comments. The rows of a discussion can be anywhere in the table, so they are grouped first.
 */
async function importComments(
  file: SourceFile & Readonly<{ format: TableFormat | "convokit" }>,
  { target, problems, notes, columns: mapped, condition, dates = readDateReading(), scratch }: CommentsImport,
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
  for (const message of [...table.notes, ...corpus?.notes() ?? []]) notes.push({ file: file.path, message });
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
      `its condition is ${quoted(other.condition)}, and the first row of its discussion says ` +
        quoted(first),
      other.line,
    );
  }
  return conditionOf(first === "" ? folder : first, condition, meta);
}
