/** Tries out whether a folder can keep runs: the speed of durable appends, and whether locks work. */
import { RunError } from "../../core/run_log/mod.ts";
import { JsonlEventStore } from "./jsonl_event_store.ts";
import { lockRun } from "./run_lock.ts";

/** The number of streams of the second measurement. Most runs have fewer discussions at a time. */
export const STREAMS_TOGETHER = 64;

/** The default duration of each of the two measurements, in milliseconds. */
const MEASURED_MS = 400;

/** A comment of the usual length, as an event. */
const LINE = JSON.stringify({ type: "TurnTaken", data: { text: "a comment of usual length. ".repeat(20) } });

/** The result of a trial. */
export type FolderTrial = Readonly<{
  /** Durable appends in a second, one after the other: how fast one discussion can be written. */
  appendsPerSecond: number;
  /** Durable appends in a second to {@linkcode STREAMS_TOGETHER} streams at a time. */
  appendsTogetherPerSecond: number;
  /** Whether a lock keeps a second writer out. Some network file systems ignore locks. */
  locksHold: boolean;
}>;

/**
 * Writes to a folder as a run does.
 *
 * @param folder An empty folder that is removed afterwards.
 * @throws {StoreError} When the folder cannot be written to.
 * @throws {RunError} When the folder's file system cannot lock files.
 */
export async function tryFolder(folder: string, measuredMs = MEASURED_MS): Promise<FolderTrial> {
  const locksHold = await holds(folder);
  const store = new JsonlEventStore(folder);
  try {
    const appendsPerSecond = await appendRate(store, ["alone"], measuredMs);
    const together = Array.from({ length: STREAMS_TOGETHER }, (_, index) => `together-${index}`);
    return {
      appendsPerSecond,
      appendsTogetherPerSecond: await appendRate(store, together, measuredMs),
      locksHold,
    };
  } finally {
    await store.close();
  }
}

async function appendRate(
  store: JsonlEventStore,
  streams: readonly string[],
  measuredMs: number,
): Promise<number> {
  // The first append makes the file, which takes longer.
  for (const stream of streams) await store.append(stream, 0, [LINE]);
  const start = performance.now();
  const counts = await Promise.all(streams.map(async (stream) => {
    let count = 0;
    do {
      await store.append(stream, ++count, [LINE]);
    } while (performance.now() - start < measuredMs);
    return count;
  }));
  const seconds = (performance.now() - start) / 1000;
  return counts.reduce((sum, count) => sum + count, 0) / seconds;
}

async function holds(folder: string): Promise<boolean> {
  using _first = await lockRun(folder);
  try {
    using _second = await lockRun(folder);
    return false;
  } catch (error) {
    if (error instanceof RunError && error.kind === "in-use") return true;
    throw error;
  }
}
