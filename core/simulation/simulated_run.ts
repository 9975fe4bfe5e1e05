/** The run's log in a simulation. It is a stream of the simulated store, so it meets the same faults as other logs. */
import { hashOf, type StoredLine } from "../events/codec.ts";
import { type Clock, type EventStore } from "../ports/mod.ts";
import { RecordingStore } from "../ports/recording_store.ts";
import {
  encodeRunEvent,
  logEndsOf,
  RUN_STREAM,
  type RunEvent,
  type RunLog,
  runLogAfter,
  type RunRecord,
} from "../run_log/mod.ts";
import type { Sha256 } from "../sha256.ts";

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

/**
 * Opens the run's log as a process does, and makes it if there is none.
 *
 * @returns The store for the discussions, which records the ends of their logs.
 */
export async function openRunLog(
  store: EventStore,
  { clock, sha256 }: Readonly<{ clock: Clock; sha256: Sha256 }>,
): Promise<RecordingStore> {
  let log = await readRunLog(store, sha256);
  const record = async (event: RunEvent): Promise<RunLog> => {
    const line = encodeRunEvent(log, event, { atMs: clock.now(), sha256 });
    await store.append(RUN_STREAM, log?.entries.length ?? 0, [line]);
    return log = runLogAfter(log, line, sha256);
  };
  log ??= await record({ type: "RunCreated", data: RECORD });
  return new RecordingStore(store, { ends: logEndsOf(log), record, now: () => clock.now() });
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
  let log: RunLog | null = null;
  for await (const line of store.read(RUN_STREAM)) log = runLogAfter(log, line, sha256);
  return log;
}
