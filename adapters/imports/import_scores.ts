/** Imports scores. */
import { basename } from "node:path";
import type { ImportSource } from "../../core/events/mod.ts";
import { quoted } from "../../core/experiment/problems.ts";
import type { Columns } from "../formats/columns.ts";
import { FormatError } from "../formats/format_error.ts";
import {
  designOfPass,
  type LoggedDiscussion,
  readLogged,
  streamsByName,
  writePass,
} from "./imported_pass.ts";
import { findScoreColumns, readScoreRow, type ScoreField, type ScoreRow } from "../formats/score_table.ts";
import { rowsOf, type TableFormat } from "../formats/table_rows.ts";
import { TextFile } from "../formats/text_file.ts";
import type { RunWriter } from "../../core/ports/mod.ts";
import { infoAt } from "../path_info.ts";
import { storeError } from "../stores/store_errors.ts";
import { ImportProblems, type ProblemOptions } from "./import_problems.ts";
import { type Partition, withRun } from "./partition.ts";

/** How scores are imported. */
export type ScoresOptions =
  & ProblemOptions
  & Readonly<{
    into: string;
    /** The name of the pass and of its scale. */
    name: string;
    format: TableFormat;
    columns: Columns<ScoreField>;
    /** The limits of the scale. Default: the smallest and the largest score. */
    min?: number;
    max?: number;
    /** The annotator, if no column names one. */
    annotator: string;
  }>;

/** The result of an import of scores. */
export type ScoresOutcome = Readonly<{
  folder: string;
  /** Discussions with new scores. */
  discussions: number;
  /** Discussions that already had these scores. */
  alreadyThere: number;
  /** New scores of comments. */
  comments: number;
  /** New scores of silent slots. */
  silences: number;
  /** Slots without a score, in the discussions with new scores. */
  unscored: number;
  /** Rows that could not be imported, because of the reported problems. */
  leftOut: number;
  problems: number;
}>;

/**
 * Imports scores: a table of numbers becomes an annotation pass over each of its discussions. A row identifies a slot by
 * the name of its discussion (or the discussion's id before it was imported) and by the slot's 0-based position. Texts are
 * not compared. The same command resumes a killed import.
 *
 * @throws {FormatError} If the file cannot be read to its end, or has no score. Then nothing is written.
 * @throws {ImportStopped} At the first problem of a strict import.
 * @throws {RunError} If there is no run in the folder, or it is in use.
 * @throws {StoreError} If a log cannot be written.
 */
export async function importScores(path: string, options: ScoresOptions): Promise<ScoresOutcome> {
  return await withRun<ScoreRow, ScoresOutcome>(
    options.into,
    (run, partition) => new ScoresImport(path, run, options).carryOut(partition),
  );
}

/** Refuses a table that does not exist. The error is a `FormatError`: the path is wrong, but the disk works. */
function existing(file: TextFile): TextFile {
  try {
    if (infoAt(file.path)?.isFile) return file;
  } catch (error) {
    throw storeError("read", file.path, error);
  }
  throw new FormatError(`Cannot read "${file.path}": there is no such file`);
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

class ScoresImport {
  readonly #path: string;
  readonly #run: RunWriter;
  readonly #options: ScoresOptions;
  readonly #problems: ImportProblems;
  readonly #limits: { min: number; max: number };
  #hasScores = false;
  readonly #counts: Mutable<Omit<ScoresOutcome, "folder" | "problems">> = {
    discussions: 0,
    alreadyThere: 0,
    comments: 0,
    silences: 0,
    unscored: 0,
    leftOut: 0,
  };

  constructor(path: string, run: RunWriter, options: ScoresOptions) {
    this.#path = path;
    this.#run = run;
    this.#options = options;
    this.#problems = new ImportProblems(options);
    this.#limits = { min: options.min ?? Infinity, max: options.max ?? -Infinity };
  }

  async carryOut(partition: Partition<ScoreRow>): Promise<ScoresOutcome> {
    const source = await this.#collect(partition);
    if (!this.#hasScores) throw new FormatError("it holds no scores");
    const streams = await streamsByName(this.#run.store);
    await inBatches(partition.groups(), async ([discussion, rows]) => {
      const isAdded = await this.#problems.guard(this.#path, async () => {
        const stream = streams.get(discussion);
        if (stream === undefined) throw unknownDiscussion(discussion, rows);
        await this.#score(stream, rows, source);
      });
      if (!isAdded) this.#counts.leftOut += rows.length;
    });
    return { folder: this.#run.place, ...this.#counts, problems: this.#problems.count };
  }

  async #collect(partition: Partition<ScoreRow>): Promise<ImportSource> {
    const { columns: mapped, name, format, annotator } = this.#options;
    const text = new TextFile(this.#path);
    let columns: Columns<ScoreField> | undefined;
    for await (const row of rowsOf(existing(text), format)) {
      if (row.problem === undefined) columns ??= findScoreColumns(Object.keys(row.record), { mapped, name });
      const isAdded = await this.#problems.guard(this.#path, () => {
        const { discussion, row: score } = readScoreRow(row, columns ?? {}, annotator);
        this.#hasScores = true;
        this.#checkLimits(score);
        partition.add(discussion, score);
      });
      if (!isAdded) this.#counts.leftOut++;
    }
    return { format: "scores", file: basename(this.#path), sha256: text.sha256() };
  }

  #checkLimits({ score, line }: ScoreRow): void {
    const { min, max } = this.#options;
    if (min !== undefined && score < min) {
      throw new FormatError(`its score is ${score}, below the scale's lowest value, ${min}`, line);
    }
    if (max !== undefined && score > max) {
      throw new FormatError(`its score is ${score}, above the scale's highest value, ${max}`, line);
    }
    this.#limits.min = Math.min(this.#limits.min, score);
    this.#limits.max = Math.max(this.#limits.max, score);
  }

  async #score(stream: string, rows: readonly ScoreRow[], source: ImportSource): Promise<void> {
    const { store } = this.#run;
    const { name } = this.#options;
    const log = await readLogged(store, stream, name);
    const scores = this.#joined(rows, log);
    if (scores.length === 0) {
      this.#counts.leftOut += rows.length;
      return;
    }
    const annotators = [...new Set(scores.map(({ annotator }) => annotator))].sort()
      .map((annotator) => ({ name: annotator, persona: {}, instructions: "" }));
    const scale = { name, type: "interval", ...this.#limits, question: "" } as const;
    const design = designOfPass({ pass: name, scale, annotators, history: null, source });
    const isNew = await writePass(log, design, scores);
    store.release(stream);
    this.#counts.leftOut += rows.length - scores.length;
    if (!isNew) {
      this.#counts.alreadyThere++;
      return;
    }
    const silences = scores.filter(({ position }) => log.slots[position]!.comment === null).length;
    this.#counts.discussions++;
    this.#counts.silences += silences;
    this.#counts.comments += scores.length - silences;
    this.#counts.unscored += log.slots.length - new Set(scores.map(({ position }) => position)).size;
  }

  /** Scores of existing slots, at most one for each slot and annotator. */
  #joined(rows: readonly ScoreRow[], { stream, slots }: LoggedDiscussion) {
    const lines = new Map<string, number>();
    return rows.flatMap(({ line, position, score, annotator }) => {
      const key = JSON.stringify([position, annotator]);
      const before = lines.get(key);
      const problem = position >= slots.length
        ? `"${stream}" has ${slots.length} slots: there is no position ${position}`
        : before !== undefined
        ? `line ${before} already has a score for position ${position} of "${stream}"`
        : undefined;
      if (problem !== undefined) {
        this.#problems.add({ file: this.#path, line, message: problem });
        return [];
      }
      lines.set(key, line);
      return [{ position, annotator, values: { [this.#options.name]: score } }];
    });
  }
}

function unknownDiscussion(discussion: string, rows: readonly ScoreRow[]): FormatError {
  const others = rows.length === 1 ? "" : `; ${rows.length} rows name it`;
  return new FormatError(`no discussion of the run is called ${quoted(discussion)}${others}`, rows[0]!.line);
}

/**
 * How many discussions get their scores at the same time. If they got them one after the other, most of the
 * time would be spent on waiting for the disk.
 */
const BATCH = 64;

async function inBatches<T>(items: AsyncIterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  let batch: T[] = [];
  const flush = async () => {
    const results = await Promise.allSettled(batch.map(work));
    batch = [];
    const failure = results.find(({ status }) => status === "rejected");
    if (failure?.status === "rejected") throw failure.reason;
  };
  for await (const item of items) {
    if (batch.push(item) === BATCH) await flush();
  }
  await flush();
}
