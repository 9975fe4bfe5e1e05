/** Records the ends of discussion logs in the run's log, and refuses logs that have lost recorded events. */
import { hashOf, type StoredLine } from "../events/codec.ts";
import { DamagedLine } from "../events/event_type.ts";
import { changedLog, cutLog, type LogEnd } from "../events/log_end.ts";
import {
  type EventStore,
  type FollowOptions,
  readingAhead,
  StoreError,
  type StreamSize,
} from "./event_store.ts";
import type { PersonKeys } from "./person_keys.ts";
import type { RunWriter } from "./run.ts";
import { logEndsOf, type LogsRecorded } from "../run_log/mod.ts";

/** The most logs whose ends one event records. */
export const LOGS_PER_EVENT_MAX = 256;

/**
 * If the last recording was at least this many milliseconds ago, the next release records the ends of all
 * released logs.
 */
const RECORDING_INTERVAL_MS = 60_000;

/** How ends are recorded. */
export type Recording = Readonly<{
  /** The recorded ends: discussion → end. */
  ends: ReadonlyMap<string, LogEnd>;
  /** Appends an event to the run's log. */
  record: (event: LogsRecorded) => Promise<unknown>;
  /** Now, in milliseconds since 1970. */
  now: () => number;
}>;

/**
 * A store that notes the end of each log that it reads or appends to. It records the ends of released logs in
 * the run's log, many ends in one event. If it cannot record, the next append fails.
 */
export class RecordingStore implements EventStore {
  readonly #store: EventStore;
  readonly #recording: Recording;
  readonly #recorded: Map<string, LogEnd>;
  /** The ends of logs in use. */
  readonly #open = new Map<string, LogEnd>();
  /** The ends of released logs that are not recorded yet. */
  readonly #waiting = new Map<string, LogEnd>();
  #recordedAtMs: number;
  /** The recording in progress. It never rejects. */
  #running: Promise<void> = Promise.resolve();
  #failure: Readonly<{ error: unknown }> | null = null;
  /**
   * Whether an append failed. The caller of this append knows that the store is broken, so no second error is
   * thrown.
   */
  #isBroken = false;

  /** See `EventStore`. */
  readonly keys?: PersonKeys;

  /** Makes the store. It writes nothing before a log is released. */
  constructor(store: EventStore, recording: Recording) {
    this.#store = store;
    if (store.keys !== undefined) this.keys = store.keys;
    this.#recording = recording;
    this.#recorded = new Map(recording.ends);
    this.#recordedAtMs = recording.now();
  }

  /** See `EventStore`. */
  async append(stream: string, expectedSeq: number, lines: readonly StoredLine[]): Promise<void> {
    if (this.#failure !== null) throw this.#failure.error;
    try {
      await this.#store.append(stream, expectedSeq, lines);
    } catch (error) {
      this.#isBroken ||= error instanceof StoreError;
      throw error;
    }
    this.#open.set(stream, [expectedSeq + lines.length, hashOf(lines.at(-1)!)]);
  }

  /**
   * See `EventStore`.
   *
   * @throws {DamagedLine} As in `EventStore`. Also if the log lacks a recorded event.
   */
  read(stream: string, from = 0): AsyncGenerator<StoredLine> {
    return this.#noted(this.#store.read(stream, from), { stream, from, recorded: this.#recorded });
  }

  /** See `EventStore`. */
  readAhead(streams: readonly string[]): EventStore["read"] {
    const ahead = readingAhead(this.#store, streams);
    // A copy of the recorded ends. An end that is recorded later can be after the last line that was read
    // ahead.
    const recorded = new Map(this.#recorded);
    return (stream, from = 0) => this.#noted(ahead.read(stream, from), { stream, from, recorded });
  }

  /** Checks the lines of a stream against its recorded end, and notes its end. */
  async *#noted(
    lines: AsyncIterable<StoredLine>,
    { stream, from, recorded: ends }: Readonly<
      { stream: string; from: number; recorded: ReadonlyMap<string, LogEnd> }
    >,
  ): AsyncGenerator<StoredLine> {
    const recorded = ends.get(stream);
    let count = from;
    let last: StoredLine | null = null;
    for await (const line of lines) {
      count++;
      last = line;
      if (recorded !== undefined && count === recorded[0] && hashOf(line) !== recorded[1]) {
        throw withRemedy(changedLog(recorded));
      }
      yield line;
    }
    // This checks only readers that begin before the recorded end: others do not see whether lines are
    // missing.
    if (recorded !== undefined && from < recorded[0] && count < recorded[0]) {
      throw withRemedy(cutLog(recorded, count));
    }
    // If this process has appended after the lines were read, it knows a later end than the last line.
    const known = [this.#open, this.#waiting, this.#recorded].map((ends) => ends.get(stream)?.[0] ?? 0);
    if (last !== null && count >= Math.max(...known)) this.#open.set(stream, [count, hashOf(last)]);
  }

  /** See `EventStore`. */
  follow(stream: string, options: FollowOptions): AsyncIterable<StoredLine> {
    return this.#store.follow(stream, options);
  }

  /** See `EventStore`. */
  streams(): AsyncIterable<string> {
    return this.#store.streams();
  }

  /** See `EventStore`. */
  sizes(streams?: Iterable<string>): AsyncIterable<StreamSize> {
    return this.#store.sizes(streams);
  }

  /** See `EventStore`. The end of the log is recorded soon. */
  release(stream: string): void {
    this.#store.release(stream);
    this.#settle(stream);
    const isDue = this.#recording.now() - this.#recordedAtMs >= RECORDING_INTERVAL_MS;
    if (this.#waiting.size >= LOGS_PER_EVENT_MAX || isDue) void this.#record(isDue ? 1 : LOGS_PER_EVENT_MAX);
  }

  /** See `EventStore`. */
  locate(stream: string): string {
    return this.#store.locate?.(stream) ?? stream;
  }

  /**
   * Records the ends of all logs that were read or appended to. If this fails, the next process that reads
   * these logs records them.
   *
   * @throws {Error} If the ends cannot be recorded. It is not thrown if an append has failed before.
   */
  async recordAll(): Promise<void> {
    for (const stream of [...this.#open.keys()]) this.#settle(stream);
    await this.#record(1);
    if (this.#failure !== null && !this.#isBroken) throw this.#failure.error;
  }

  /** A log is no longer in use. If its end is not recorded yet, it waits to be recorded. */
  #settle(stream: string): void {
    const end = this.#open.get(stream);
    if (end === undefined) return;
    this.#open.delete(stream);
    if (this.#recorded.get(stream)?.[1] === end[1]) this.#waiting.delete(stream);
    else this.#waiting.set(stream, end);
  }

  /**
   * Records the ends that wait, in one or several events.
   *
   * @param logsMin If fewer ends wait, they are not recorded yet.
   */
  #record(logsMin: number): Promise<void> {
    this.#recordedAtMs = this.#recording.now();
    this.#running = this.#running.then(async () => {
      while (this.#waiting.size >= logsMin && this.#failure === null) {
        const batch = [...this.#waiting].slice(0, LOGS_PER_EVENT_MAX);
        try {
          await this.#recording.record({
            type: "LogsRecorded",
            data: { logs: Object.fromEntries(batch) },
          });
        } catch (error) {
          this.#failure = { error };
          return;
        }
        for (const [stream, end] of batch) {
          this.#recorded.set(stream, end);
          if (this.#waiting.get(stream) === end) this.#waiting.delete(stream);
        }
      }
    });
    return this.#running;
  }
}

/**
 * Makes a run that is open for writing record the ends of its discussions' logs. It records them from time to
 * time, before `RunEnded`, and when the run is closed.
 *
 * @param now Now, in milliseconds since 1970.
 */
export function recordingEnds<Run extends RunWriter>(run: Run, now: () => number): Run {
  if (run.log.kind !== "kept") return run;
  const record: Recording["record"] = (event) => run.record(event, now());
  const store = new RecordingStore(run.store, { ends: logEndsOf(run.log.log), record, now });
  return {
    ...run,
    get log() {
      return run.log;
    },
    get manifest() {
      return run.manifest;
    },
    store,
    async record(event, atMs) {
      if (event.type === "RunEnded") await store.recordAll();
      return await run.record(event, atMs);
    },
    async close() {
      try {
        await store.recordAll();
      } finally {
        await run.close();
      }
    },
  };
}

function withRemedy({ kind, message }: DamagedLine): DamagedLine {
  return new DamagedLine(
    kind,
    `${message}. Restore the log from a copy, or continue without the lost events: verify --repair`,
  );
}
