/** Opens the logs that a command reads: the logs of a run, of several runs, or one file. */
import { basename, dirname, join, resolve } from "node:path";
import { existsSync, realpathSync, statSync } from "node:fs";
import { nativeSha256 } from "../../adapters/system.ts";
import {
  firstLineOf,
  JsonlEventStore,
  readRunFolder,
  RUN_FILES,
  type RunReader,
} from "../../adapters/stores/mod.ts";
import { streamOf } from "../../adapters/stores/stream_files.ts";
import { readStream } from "../../core/engine/mod.ts";
import type { RunRecordFacts } from "../../analysis/fidelity/mod.ts";
import type { Envelope } from "../../core/events/mod.ts";
import { UsageError } from "./program.ts";
import { StoreError } from "../../core/ports/mod.ts";

/** Open logs. */
export interface Logs {
  /** Their run; `null` for a file outside of a run's folder. */
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
 * Opens the logs in a run's folder, or one log file.
 *
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

/** Opens the logs of a run. @throws {RunFolderError} When the folder holds no run. */
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

/** The run whose folder holds a log, in the folder of discussions or in a folder within that. */
function runAround(path: string): RunReader | null {
  const folder = dirname(resolve(path));
  for (const parent of [dirname(folder), dirname(dirname(folder))]) {
    if (existsSync(join(parent, RUN_FILES.manifest))) return readRunFolder(parent);
  }
  return null;
}

/** What a run's folder says about itself, for checks. */
export function recordOf({ log, problems }: RunReader): RunRecordFacts {
  return { log: log.kind === "kept" ? { kind: "kept", hashes: new Set(log.log.hashes) } : log, problems };
}

/** The logs of a run. */
type RunLogs = ReturnType<typeof openRunLogs>;

/**
 * Opens runs. Their names are their folders' names, or their paths when two folders have the same name.
 *
 * @param folders The runs' folders.
 * @returns The runs by name.
 * @throws {RunFolderError} When there is no run in one of them.
 * @throws {UsageError} When a run is named twice, also through links.
 * @throws {StoreError} When a run holds copies of another run's logs.
 */
export async function openRuns(folders: readonly string[]): Promise<ReadonlyMap<string, RunLogs>> {
  const paths = folders.map((folder) => existsSync(folder) ? realpathSync(folder) : resolve(folder));
  const again = paths.findIndex((path, index) => paths.indexOf(path) !== index);
  if (again !== -1) {
    throw new UsageError(`Cannot read the run "${folders[again]}" twice: name each run once`);
  }
  const names = folders.map((folder) => basename(resolve(folder)));
  const areUnique = new Set(names).size === names.length;
  const runs = new Map(
    folders.map((folder, index) => [areUnique ? names[index]! : folder, openRunLogs(folder)]),
  );
  if (runs.size > 1) await refuseCopies(runs.values());
  return runs;
}

/** Runs of one experiment have discussions with the same names; only copies begin with the same line. */
async function refuseCopies(runs: Iterable<RunLogs>): Promise<void> {
  const files = new Map<string, string[]>();
  for (const logs of runs) {
    for await (const discussion of logs.discussions()) {
      const file = logs.fileOf(discussion);
      const others = files.get(discussion);
      if (others === undefined) {
        files.set(discussion, [file]);
        continue;
      }
      const line = firstLineOf(file);
      const copy = line === null ? undefined : others.find((other) => firstLineOf(other) === line);
      if (copy !== undefined) {
        throw new StoreError(
          `Cannot read the discussion "${discussion}" twice: "${copy}" and "${file}" are logs of the same discussion. ` +
            `Leave out the run that is a copy`,
        );
      }
      others.push(file);
    }
  }
}

/** A run, and the discussions in it to work on. */
type AnnotationTarget = Readonly<{
  folder: string;
  /** The run's own seed. */
  seed: string;
  discussions: readonly string[];
}>;

/** Opens a run by its folder or one of its logs. @throws {UsageError} When the log is outside of a run. */
export async function openTarget(path: string): Promise<AnnotationTarget> {
  const logs = openLogs(path);
  if (logs.run === null) {
    throw new UsageError(
      `Cannot work on the annotations of "${path}": it lies outside of a run's folder; give a log in a run's folder, or the folder`,
    );
  }
  const { path: folder, manifest } = logs.run;
  const discussions = await Array.fromAsync(logs.discussions());
  return { folder, seed: String(manifest.seed ?? manifest.fingerprint), discussions: discussions.sort() };
}
