/** Importing scores: a table of numbers becomes an annotation pass over each discussion that it judges. */
import { basename, join } from "node:path";
import type { ImportSource } from "../../core/events/mod.ts";
import { quoted } from "../../core/experiment/problems.ts";
import type { Columns } from "../formats/columns.ts";
import { FormatError, problemOf } from "../formats/format_error.ts";
import { appendPass, designOfPass, eventsOfPass } from "./imported_pass.ts";
import { findScoreColumns, readScoreRow, type ScoreField, type ScoreRow } from "../formats/score_table.ts";
import { rowsOf, type TableFormat } from "../formats/table_rows.ts";
import { TextFile } from "../formats/text_file.ts";
import { nativeSha256 } from "../system.ts";
import { openHeldRun, RUN_FILES, type RunFolder } from "../stores/mod.ts";
import { clear } from "../stores/import_folder.ts";
import { storeError } from "../stores/store_errors.ts";
import { ImportProblems, type ProblemOptions } from "./import_problems.ts";
import { type LoggedDiscussion, readLogged, streamsByName } from "./logged_discussion.ts";
import { Partition } from "./partition.ts";

/** How scores are imported. */
export type ScoresOptions =
  & ProblemOptions
  & Readonly<{
    /** The run whose comments were scored. */
    into: string;
    /** The name of the pass and of its scale. */
    name: string;
    format: TableFormat;
    columns: Columns<ScoreField>;
    /** The scale's bounds; those of the scores where they are left out. */
    min?: number;
    max?: number;
    /** Who scored, where no column says it. */
    annotator: string;
  }>;

/** How an import of scores went. */
export type ScoresOutcome = Readonly<{
  folder: string;
  /** Discussions that were scored now, and those that had these very scores before. */
  discussions: number;
  alreadyThere: number;
  /** Scores of comments and of silent slots that were added now. */
  comments: number;
  silences: number;
  /** Slots of these discussions that no score is for. */
  unscored: number;
  /** Rows that are no part of the run now. */
  leftOut: number;
  problems: number;
}>;

/**
 * Imports scores. They are joined by the discussion's name, or the id that it had before it was imported, and the
 * 0-based position among its slots: never by a text. A killed import is gone on with by the same command.
 *
 * @param path A table of scores.
 * @param options Where to, and how it is read.
 * @throws {FormatError} When the file cannot be read to its end, or holds no score; nothing was written then.
 * @throws {ImportStopped} At the first problem of a strict import.
 * @throws {RunFolderError} When there is no run in the folder, or it is in use.
 * @throws {StoreError} When a log cannot be written.
 */
export async function importScores(path: string, options: ScoresOptions): Promise<ScoresOutcome> {
  const folder = await openHeldRun(options.into);
  const scratch = join(folder.path, RUN_FILES.scratch);
  try {
    clear(scratch);
    using partition = new Partition<ScoreRow>(scratch);
    return await new ScoresImport(folder, options).carryOut(path, partition);
  } finally {
    clear(scratch);
    await folder.close();
  }
}

/** A table that is not there is a wrong command line, unlike a broken disk. */
async function existing(file: TextFile): Promise<TextFile> {
  try {
    if ((await Deno.stat(file.path)).isFile) return file;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw storeError("read", file.path, error);
  }
  throw new FormatError(`Cannot read "${file.path}": there is no such file`);
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

class ScoresImport {
  readonly #folder: RunFolder;
  readonly #options: ScoresOptions;
  readonly #problems: ImportProblems;
  readonly #bounds: { min: number; max: number };
  readonly #counts: Mutable<Omit<ScoresOutcome, "folder" | "problems">> = {
    discussions: 0,
    alreadyThere: 0,
    comments: 0,
    silences: 0,
    unscored: 0,
    leftOut: 0,
  };

  constructor(folder: RunFolder, options: ScoresOptions) {
    this.#folder = folder;
    this.#options = options;
    this.#problems = new ImportProblems(options);
    this.#bounds = { min: options.min ?? Infinity, max: options.max ?? -Infinity };
  }

  async carryOut(path: string, partition: Partition<ScoreRow>): Promise<ScoresOutcome> {
    const source = await this.#collect(path, partition);
    const { min, max } = this.#bounds;
    if (min > max) throw new FormatError("it holds no scores");
    const streams = await streamsByName(this.#folder.store);
    await inBatches(partition.groups(), async ([discussion, rows]) => {
      const added = await this.#problems.guard(
        path,
        () => this.#score(path, { discussion, rows, source, streams }),
      );
      if (!added) this.#counts.leftOut += rows.length;
    });
    return { folder: this.#folder.path, ...this.#counts, problems: this.#problems.count };
  }

  async #collect(path: string, partition: Partition<ScoreRow>): Promise<ImportSource> {
    const { columns: mapped, name, format, annotator } = this.#options;
    const text = new TextFile(path);
    let columns: Columns<ScoreField> | undefined;
    for await (const row of rowsOf(await existing(text), format)) {
      if (row.problem === undefined) columns ??= findScoreColumns(Object.keys(row.record), { mapped, name });
      try {
        const { discussion, row: score } = readScoreRow(row, columns ?? {}, annotator);
        this.#checkBounds(score);
        partition.add(discussion, score);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        this.#leaveOut(path, error);
      }
    }
    return { format: "scores", file: basename(path), sha256: text.sha256() };
  }

  #checkBounds({ score, line }: ScoreRow): void {
    const { min, max } = this.#options;
    if (min !== undefined && score < min) {
      throw new FormatError(`its score is ${score}, below the scale's lowest value, ${min}`, line);
    }
    if (max !== undefined && score > max) {
      throw new FormatError(`its score is ${score}, above the scale's highest value, ${max}`, line);
    }
    this.#bounds.min = Math.min(this.#bounds.min, score);
    this.#bounds.max = Math.max(this.#bounds.max, score);
  }

  #leaveOut(path: string, error: FormatError): void {
    this.#counts.leftOut++;
    this.#problems.add(problemOf(path, error));
  }

  async #score(
    path: string,
    { discussion, rows, source, streams }: Readonly<{
      discussion: string;
      rows: readonly ScoreRow[];
      source: ImportSource;
      streams: ReadonlyMap<string, string>;
    }>,
  ): Promise<void> {
    const { store } = this.#folder;
    const { name } = this.#options;
    const stream = streams.get(discussion);
    const first = rows[0]!.line;
    if (stream === undefined) {
      throw new FormatError(
        `no discussion of the run is called ${quoted(discussion)}` +
          (rows.length === 1 ? "" : `, on this line and in ${rows.length} rows in all`),
        first,
      );
    }
    const log = await readLogged(store, stream, name);
    const judgements = this.#joined(path, rows, log);
    if (judgements.length === 0) {
      this.#counts.leftOut += rows.length;
      return;
    }
    const annotators = [...new Set(judgements.map(({ annotator }) => annotator))].sort()
      .map((annotator) => ({ name: annotator, persona: {}, instructions: "" }));
    const scale = { name, type: "interval", ...this.#bounds, question: "" } as const;
    const design = designOfPass({ pass: name, scale, annotators, history: null, source }, nativeSha256);
    const events = eventsOfPass(design, judgements, log.slots.map(({ comment }) => comment));
    const isNew = await appendPass(log, events);
    store.release(stream);
    if (!isNew) {
      this.#counts.alreadyThere++;
      return;
    }
    this.#counts.leftOut += rows.length - judgements.length;
    const silences = events.filter(({ type }) => type === "SilenceAnnotated").length;
    this.#counts.discussions++;
    this.#counts.silences += silences;
    this.#counts.comments += judgements.length - silences;
    this.#counts.unscored += log.slots.length - new Set(judgements.map(({ position }) => position)).size;
  }

  /** Rows that judge a slot, at most one for each slot and annotator. */
  #joined(path: string, rows: readonly ScoreRow[], { stream, slots }: LoggedDiscussion) {
    const lines = new Map<string, number>();
    return rows.flatMap(({ line, position, score, annotator }) => {
      const key = JSON.stringify([position, annotator]);
      const before = lines.get(key);
      const problem = position >= slots.length
        ? `"${stream}" has ${slots.length} slots: there is no position ${position}`
        : before !== undefined
        ? `position ${position} of "${stream}" has its score on line ${before} already`
        : undefined;
      if (problem !== undefined) {
        this.#problems.add({ file: path, line, message: problem });
        return [];
      }
      lines.set(key, line);
      return [{ position, annotator, values: { [this.#options.name]: score } }];
    });
  }
}

/** Appends that wait for the disk together: syncing each alone costs most of the time. */
const BATCH = 64;

type Result = Readonly<{ error: unknown }> | null;

/**
 * Does something with everything, a batch at a time.
 *
 * @param items What there is.
 * @param work What to do with each.
 * @throws {Error} The first failure of a batch, once all of it has settled.
 */
export async function inBatches<T>(items: AsyncIterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  let batch: Promise<Result>[] = [];
  for await (const item of items) {
    batch.push(work(item).then(() => null, (error) => ({ error })));
    if (batch.length < BATCH) continue;
    await settled(batch);
    batch = [];
  }
  await settled(batch);
}

async function settled(batch: readonly Promise<Result>[]): Promise<void> {
  const failure = (await Promise.all(batch)).find((result) => result !== null);
  if (failure) throw failure.error;
}
