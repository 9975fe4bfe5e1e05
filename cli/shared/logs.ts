/** Opens the logs that a command reads: all logs of one or more runs, or a single log. */
import { existsSync } from "node:fs";
import { infoAt } from "../../adapters/path_info.ts";
import { nativeSha256 } from "../../adapters/system.ts";
import { isAddress, nameOfRun, openLogFile, readRun } from "../../adapters/stores/mod.ts";
import { historyOf, logEndsOf } from "../../core/run_log/mod.ts";
import { readStream } from "../../core/engine/stream.ts";
import type { RunRecordFacts } from "../../analysis/fidelity/mod.ts";
import type { Envelope, StoredLine } from "../../core/events/mod.ts";
import { DamagedLine } from "../../core/events/event_type.ts";
import type { RunTables } from "../../adapters/tables/mod.ts";
import { neutralise } from "../terminal/neutralise.ts";
import type { TextSink } from "../terminal/text_sink.ts";
import { realPath } from "./files.ts";
import { UsageError } from "./program.ts";
import { piecesOf } from "./read_logs.ts";
import { type EventStore, readingAhead, type RunReader, StoreError } from "../../core/ports/mod.ts";

/** The logs of discussions, open for reading. */
export interface Logs {
  /** The run of the logs; `null` for a log outside a run's folder. */
  readonly run: RunReader | null;
  /** The store that has the logs. It can also have other logs. */
  readonly store: EventStore;
  /** The only discussion; `null` if these are all logs of a run. */
  readonly only: string | null;
  /** The names of the discussions, sorted. Their events are read fastest in this order. */
  discussions(): AsyncIterable<string>;
  /**
   * The events of a discussion.
   *
   * @throws {DamagedStream} At the first damaged line.
   */
  events(discussion: string): AsyncIterable<Envelope>;
  /**
   * The same events, many at a time. It is faster for readers of whole logs.
   *
   * @throws {DamagedStream} As `events()` does.
   */
  pieces(discussion: string): AsyncIterable<readonly Envelope[]>;
  /** The place of a discussion's log, such as the path of its file. */
  placeOf(discussion: string): string;
}

/**
 * Opens the logs of a run, or one log file.
 *
 * @param path The place of the run, or the path of the log.
 * @throws {RunError} When there is no run at the place.
 * @throws {UsageError} When the path is neither a run's folder nor a log.
 */
export async function openLogs(path: string): Promise<Logs> {
  if (isAddress(path) || !existsSync(path) || !infoAt(path)?.isFile) return await openRunLogs(path);
  const log = openLogFile(path);
  if (log === null) {
    throw new UsageError(
      `Cannot read "${path}" as a log: expected a run's folder, or one of its *.jsonl files`,
    );
  }
  const run = await log.home?.read() ?? null;
  const only = async function* () {
    yield log.discussion;
  };
  return { ...logsOf(log.store, run, only), only: log.discussion };
}

/** The logs of a run. */
export type RunLogs = Logs & Readonly<{ run: RunReader }>;

/**
 * Opens the logs of a run.
 *
 * @throws {RunError} When there is no run at the place.
 */
export async function openRunLogs(place: string): Promise<RunLogs> {
  const run = await readRun(place);
  const { store } = run;
  return { ...logsOf(store, run, () => store.streams()), run };
}

function logsOf(
  store: EventStore,
  run: RunReader | null,
  streams: () => AsyncIterable<string>,
): Logs {
  let ahead = store;
  return {
    run,
    store,
    only: null,
    async *discussions() {
      // Each store has an order of its own. Sums and lists must not depend on it.
      const names = (await Array.fromAsync(streams())).sort();
      ahead = readingAhead(store, names);
      yield* names;
    },
    async *events(discussion) {
      yield* readStream(ahead, discussion, nativeSha256);
      store.release(discussion);
    },
    pieces: (discussion) => piecesOf(ahead, discussion),
    placeOf: (discussion) => store.locate?.(discussion) ?? discussion,
  };
}

/**
 * The log of the run and its problems, for checks.
 *
 * @param only The discussion that is checked; `null` for all.
 */
export function recordOf({ log, problems }: RunReader, only: string | null): RunRecordFacts {
  return {
    log: log.kind === "kept"
      ? {
        kind: "kept",
        hashes: new Set(log.log.entries.map(({ hash }) => hash)),
        ends: new Map([...logEndsOf(log.log)].filter(([discussion]) => only === null || discussion === only)),
        repairs: historyOf(log.log).repairs,
      }
      : log,
    problems,
  };
}

/**
 * Names runs. If two runs have the same name, every run gets its place as a name instead.
 *
 * @throws {UsageError} When the user names a run twice, even through a link.
 */
export function runNames(places: readonly string[]): readonly string[] {
  const paths = places.map(realPlace);
  const again = paths.findIndex((path, index) => paths.indexOf(path) !== index);
  if (again !== -1) {
    throw new UsageError(`Cannot read the run "${places[again]}" twice: name each run once`);
  }
  const names = places.map(nameOfRun);
  return new Set(names).size === names.length ? names : places;
}

/** The place of a run without links, so that two spellings of one path are equal, even before the run exists. */
export function realPlace(place: string): string {
  return isAddress(place) ? place : realPath(place);
}

/**
 * Opens runs, with the names that `runNames()` gives them.
 *
 * @throws {RunError} When there is no run at a place.
 * @throws {UsageError} When the user names a run twice, even through a link.
 * @throws {StoreError} When a run holds copies of another run's logs.
 */
export async function openRuns(places: readonly string[]): Promise<ReadonlyMap<string, RunLogs>> {
  const names = runNames(places);
  const runs = new Map<string, RunLogs>();
  for (const [index, place] of places.entries()) runs.set(names[index]!, await openRunLogs(place));
  if (runs.size > 1) await refuseCopies(runs.values());
  return runs;
}

/**
 * Refuses runs that hold copies of each other's logs. Runs of one experiment have discussions with the same names, but only
 * copies of a log have the same first line.
 *
 * @throws {StoreError} When a run holds copies of another run's logs.
 */
export async function refuseCopies(runs: Iterable<RunLogs>): Promise<void> {
  const known = new Map<string, RunLogs[]>();
  for (const logs of runs) {
    for await (const discussion of logs.discussions()) {
      const others = known.get(discussion);
      if (others === undefined) {
        known.set(discussion, [logs]);
        continue;
      }
      const line = await firstLineOf(logs, discussion);
      for (const other of line === null ? [] : others) {
        if (await firstLineOf(other, discussion) !== line) continue;
        const [copy, log] = [other, logs].map(({ placeOf }) => placeOf(discussion));
        throw new StoreError(
          `Cannot read the discussion "${discussion}" twice: "${copy}" and "${log}" are logs of the same discussion. ` +
            `Leave out the run that is a copy`,
        );
      }
      others.push(logs);
    }
  }
}

/** The first line of a log; `null` if the log has no whole line, or the line cannot be read. */
async function firstLineOf({ run: { store } }: RunLogs, discussion: string): Promise<StoredLine | null> {
  try {
    for await (const line of store.read(discussion)) return line;
  } catch (error) {
    if (!(error instanceof DamagedLine)) throw error;
  }
  return null;
}

/**
 * The discussions of a run, or the discussion of one log.
 *
 * @throws {UsageError} When the log is outside a run's folder.
 */
export async function openTarget(
  path: string,
): Promise<Readonly<{ place: string; seed: string; discussions: readonly string[] }>> {
  const logs = await openLogs(path);
  if (logs.run === null) {
    throw new UsageError(
      `Cannot work on the annotations of "${path}": it lies outside a run's folder. Give a run's folder, or a log in a run's folder`,
    );
  }
  const { place, manifest } = logs.run;
  const discussions = await Array.fromAsync(logs.discussions());
  return { place, seed: String(manifest.seed ?? manifest.fingerprint), discussions: discussions.sort() };
}

/**
 * Opens the tables of runs, and reports damaged logs on `stderr`.
 *
 * @param options An empty folder, and the memory that the tables may use, such as `1GB`.
 */
export async function openTables(
  places: readonly string[],
  { scratch, memory, stderr }: Readonly<{ scratch: string; memory: string | undefined; stderr: TextSink }>,
): Promise<Readonly<{ tables: RunTables; runs: ReadonlyMap<string, RunReader>; damagedCount: number }>> {
  const { RunTables } = await import("../../adapters/tables/mod.ts");
  const runs = new Map([...await openRuns(places)].map(([name, { run }]) => [name, run]));
  let damagedCount = 0;
  const tables = await RunTables.open(runs, {
    folder: scratch,
    memory,
    onDamage({ message }) {
      damagedCount++;
      stderr.write(`${neutralise(message)}; the lines before it are in the tables\n`);
    },
  });
  return { tables, runs, damagedCount };
}
