/**
 * The run's log in a simulation. It is a stream of the simulated store, and has the same faults as other
 * logs.
 */
import { hashOf, type StoredLine } from "../events/codec.ts";
import { type Clock, type EventStore, type Recording, RecordingStore } from "../ports/mod.ts";
import {
  encodeRunEvent,
  keptEndsOf,
  logEndsOf,
  RUN_STREAM,
  type RunEvent,
  type RunLog,
  runLogAfter,
  runLogAfterAll,
  type RunRecord,
} from "../run_log/mod.ts";
import type { Sha256 } from "../sha256.ts";
import { BrokenPromise } from "./ledger.ts";
import { linesIn, type SimulatedDisk } from "./simulated_store.ts";

const RECORD: RunRecord = {
  experiment: { name: "simulated", file: "simulated.yaml", sha256: "" },
  fingerprint: "",
  resolved: {},
  sources: {},
  seed: null,
  plan: { discussions: 0, conditions: 0, replications: 0 },
  versions: {},
  shards: 0,
};

/** Opens a store that records the ends of logs. Tests plant bugs in it. */
export type OpenRecording = (store: EventStore, recording: Recording) => RecordingStore;

type RunLogParts = Readonly<{ clock: Clock; sha256: Sha256; openRecording?: OpenRecording | undefined }>;

/**
 * Opens the run's log as a process does. If there is no log, it is made.
 *
 * @returns The store for the discussions, which records the ends of their logs.
 */
export async function openRunLog(
  store: EventStore,
  { clock, sha256, openRecording = (store, recording) => new RecordingStore(store, recording) }: RunLogParts,
): Promise<RecordingStore> {
  let log = await readRunLog(store, sha256);
  const record = async (event: RunEvent): Promise<RunLog> => {
    const line = encodeRunEvent(log, event, { atMs: clock.now(), sha256 });
    await store.append(RUN_STREAM, log?.entries.length ?? 0, [line]);
    return log = runLogAfter(log, line, sha256);
  };
  log ??= await record({ type: "RunCreated", data: RECORD });
  return openRecording(store, { ends: logEndsOf(log), record, now: () => clock.now() });
}

/** Throws an error if a log on the disk lacks an event that the run's log records. */
export function checkRecordedEvents(disk: SimulatedDisk, sha256: Sha256): void {
  const linesOf = (stream: string) => linesIn(disk.find(stream)?.bytes ?? new Uint8Array());
  const log = runLogAfterAll(null, linesOf(RUN_STREAM), sha256);
  for (const [discussion, ends] of log === null ? [] : keptEndsOf(log)) {
    const lines = linesOf(discussion);
    for (const [events, hash] of ends) {
      if (hashOf(lines[events - 1] ?? "") !== hash) {
        throw new BrokenPromise(
          `the run's log records event ${events - 1} of "${discussion}", which is lost`,
        );
      }
    }
  }
}

/**
 * Compares the recorded ends of logs with the logs of finished discussions.
 *
 * @returns The first difference; `null` if there is none.
 */
export async function wrongEnd(
  store: EventStore,
  discussions: readonly string[],
  sha256: Sha256,
): Promise<string | null> {
  const log = await readRunLog(store, sha256);
  const ends = log === null ? new Map() : logEndsOf(log);
  for (const discussion of discussions) {
    const lines: readonly StoredLine[] = await Array.fromAsync(store.read(discussion));
    const [events, hash] = ends.get(discussion) ?? [0, ""];
    if (events !== lines.length || hash !== hashOf(lines.at(-1) ?? "")) {
      return `the run's log records ${events} events of "${discussion}", and its log has ${lines.length}`;
    }
  }
  return null;
}

async function readRunLog(store: EventStore, sha256: Sha256): Promise<RunLog | null> {
  return runLogAfterAll(null, await Array.fromAsync(store.read(RUN_STREAM)), sha256);
}
