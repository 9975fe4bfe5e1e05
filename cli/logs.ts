/** The logs that a command looks at: those of a run folder, or one file alone. */
import { basename, dirname, join, resolve } from "node:path";
import { existsSync, statSync } from "node:fs";
import { nativeSha256 } from "../adapters/system.ts";
import { JsonlEventStore, readRunFolder, RUN_FILES, type RunReader } from "../adapters/stores/mod.ts";
import { streamOf } from "../adapters/stores/stream_files.ts";
import { readStream } from "../core/engine/mod.ts";
import type { RunRecordFacts } from "../analysis/fidelity/mod.ts";
import type { Envelope } from "../core/events/mod.ts";
import { UsageError } from "./usage_error.ts";

/** Logs that are open for reading. */
export interface Logs {
  /** The run that they belong to; `null` for a file that lies outside of a run folder. */
  readonly run: RunReader | null;
  /** The names of the discussions. */
  discussions(): AsyncIterable<string>;
  /**
   * The events of a discussion.
   *
   * @throws {DamagedStream} At the first damaged line.
   */
  events(discussion: string): AsyncIterable<Envelope>;
  /** The discussion's file. */
  fileOf(discussion: string): string;
}

/**
 * Opens logs for reading.
 *
 * @param path A run folder, or a log file.
 * @throws {RunFolderError} When the folder holds no run.
 * @throws {UsageError} When the path is neither.
 */
export function openLogs(path: string): Logs {
  if (!isFile(path)) return openRunLogs(path);
  const discussion = streamOf(basename(path));
  if (discussion === null) {
    throw new UsageError(
      `Cannot read "${path}" as a log: expected a run's folder, or one of its *.jsonl files`,
    );
  }
  return logsOf(new JsonlEventStore(dirname(path), { durable: false }), runAround(path), async function* () {
    yield discussion;
  });
}

/**
 * Opens the logs of a run for reading.
 *
 * @param folder A run folder.
 * @throws {RunFolderError} When it holds no run.
 */
export function openRunLogs(folder: string): Logs & Readonly<{ run: RunReader }> {
  const run = readRunFolder(folder);
  return { ...logsOf(run.store, run, () => run.store.streams()), run };
}

function logsOf(
  store: JsonlEventStore,
  run: RunReader | null,
  discussions: () => AsyncIterable<string>,
): Logs {
  return {
    run,
    discussions,
    async *events(discussion) {
      yield* readStream(store, discussion, nativeSha256);
      store.release(discussion);
    },
    fileOf: (discussion) => store.locate(discussion),
  };
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/** The run whose folder a log lies in: its discussions' folder, or a sub-folder of that. */
function runAround(path: string): RunReader | null {
  const folder = dirname(resolve(path));
  for (const parent of [dirname(folder), dirname(dirname(folder))]) {
    if (existsSync(join(parent, RUN_FILES.manifest))) return readRunFolder(parent);
  }
  return null;
}

/** What a run's folder says about itself, for the checks that look at it. */
export function recordOf({ log, problems }: RunReader): RunRecordFacts {
  return { log: log.kind === "kept" ? { kind: "kept", hashes: new Set(log.log.hashes) } : log, problems };
}
