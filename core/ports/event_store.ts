/** The port of event stores: append-only streams of encoded lines, and a store in memory. */
import type { StoredLine } from "../events/codec.ts";
import type { PersonKeys } from "./person_keys.ts";

/** The stream does not have the length that the writer expects: another process wrote to it. */
export class StreamConflict extends Error {
  /** Identifies errors of this class. */
  override readonly name = "StreamConflict";
}

/** The store failed: for example, the disk is full, the folder cannot be written to, or a device is broken. */
export class StoreError extends Error {
  /** Identifies errors of this class. */
  override readonly name = "StoreError";
}

/** Another process has taken the stream or the whole run. This process can no longer append to it. */
export class ClaimLost extends Error {
  /** Identifies errors of this class. */
  override readonly name = "ClaimLost";
}

/** How a stream is followed. */
export type FollowOptions = Readonly<{
  /** The sequence number of the first line to read. Default 0. */
  from?: number;
  /** Ends `follow()` when it is aborted. */
  signal: AbortSignal;
}>;

/** A stream, and a number that grows with each append to it, such as the length of its file. */
export type StreamSize = Readonly<{ stream: string; size: number }>;

/** Append-only streams. Every implementation passes `core/ports/event_store_conformance.ts`. */
export interface EventStore {
  /**
   * Appends lines to a stream. The first append creates the stream. When the promise resolves, the lines are
   * durable. If it rejects, the stream has none of them.
   *
   * @param expectedSeq How many lines the stream has before this append.
   * @param lines At least one line.
   * @throws {RangeError} If there are no lines, or a line contains a newline.
   * @throws {StreamConflict} If the stream has a different number of lines.
   * @throws {ClaimLost} If this process has not claimed the stream, or another process has taken it.
   * @throws {StoreError} If the lines could not be made durable.
   */
  append(stream: string, expectedSeq: number, lines: readonly StoredLine[]): Promise<void>;
  /**
   * Reads the lines of a stream, oldest first. A stream that does not exist has no lines. All lines are
   * durable, even lines of a process that died before it acknowledged them.
   *
   * @param from The sequence number of the first line to read. Default 0.
   * @throws {DamagedLine} At the first line that is not text or cannot be read, after all lines before it.
   * @throws {StoreError} If the store cannot read any stream.
   */
  read(stream: string, from?: number): AsyncIterable<StoredLine>;
  /**
   * Reads the same lines as `read()` does, many at a time. Stores that get single lines do not have this function.
   *
   * @throws {DamagedLine} As `read()` does, after all lines before it.
   * @throws {StoreError} As `read()` does.
   */
  readInPieces?(stream: string, from?: number): AsyncIterable<readonly StoredLine[]>;
  /**
   * Reads the lines of a stream as `read()` does. Then it waits for lines that any process adds, and gives
   * them, too. It gives only whole lines. It ends when the signal is aborted. The stream need not exist yet.
   *
   * @throws {DamagedLine} As `read()` does.
   * @throws {StoreError} As `read()` does, or if the stream has lost lines that it had.
   */
  follow(stream: string, options: FollowOptions): AsyncIterable<StoredLine>;
  /**
   * Makes a function that reads as `read()` does, for many streams in this order. It can read streams before
   * they are needed: the lines are then not the newest ones, but also not older than this call. Only stores
   * on a server have this function.
   */
  readAhead?(streams: readonly string[]): EventStore["read"];
  /** The names of all streams, in no particular order. */
  streams(): AsyncIterable<string>;
  /**
   * The sizes of streams, in no particular order. It reads no lines, so it is a quick way to find the streams
   * that grew. The size has no other meaning: it can include an unfinished line of a dead process.
   *
   * @param streams Only these streams; those that do not exist are left out. Default: all streams.
   */
  sizes(streams?: Iterable<string>): AsyncIterable<StreamSize>;
  /**
   * Calls `told` soon after each append by any process, until the signal is aborted. `told` gets the streams
   * that have grown, or `null` if this is not known. It can miss appends. Stores that cannot notice appends
   * by other processes do not have this function.
   */
  onGrowth?(told: (streams: readonly string[] | null) => void, signal: AbortSignal): void;
  /**
   * Frees resources of the stream, such as an open file. Call it if this process will not append to it soon.
   */
  release(stream: string): void;
  /** The keys of the people whose words the streams have. A store without keys stores words unencrypted. */
  readonly keys?: PersonKeys;
  /** The stream's location for messages, such as the path of its file. */
  locate?(stream: string): string;
}

/**
 * Follows a stream by reading it again and again. For stores that cannot notice appends by other processes.
 *
 * @param read Reads all lines from a sequence number to the end.
 * @param wait Waits until it is time to read again. It can end early, or reject, when the signal is aborted.
 */
export async function* followByReading(
  read: (from: number) => AsyncIterable<StoredLine>,
  { from = 0, signal }: FollowOptions,
  wait: (signal: AbortSignal) => Promise<void>,
): AsyncGenerator<StoredLine> {
  let seq = from;
  while (!signal.aborted) {
    for await (const line of read(seq)) {
      if (signal.aborted) return;
      seq++;
      yield line;
    }
    await wait(signal).catch((error) => {
      if (!signal.aborted) throw error;
    });
  }
}

/**
 * A store with the same streams, for reading many of them in this order. It uses `readAhead()` if the store
 * has it, so the lines of a stream can be older than the time of reading, but not older than this call.
 */
export function readingAhead(store: EventStore, streams: readonly string[]): EventStore {
  const read = store.readAhead?.(streams);
  return read === undefined ? store : {
    ...store.keys !== undefined && { keys: store.keys },
    append: (stream, expectedSeq, lines) => store.append(stream, expectedSeq, lines),
    read,
    follow: (stream, options) => store.follow(stream, options),
    streams: () => store.streams(),
    sizes: (chosen) => store.sizes(chosen),
    release: (stream) => store.release(stream),
    locate: (stream) => store.locate?.(stream) ?? stream,
  };
}

/**
 * Refuses lines that no store can take.
 *
 * @throws {RangeError} If there are no lines, or a line contains a newline.
 */
export function checkLines(stream: string, lines: readonly StoredLine[]): void {
  if (lines.length === 0) throw new RangeError(`Cannot append to "${stream}": there are no lines`);
  if (lines.some((line) => line.includes("\n"))) {
    throw new RangeError(`Cannot append to "${stream}": a line contains a newline`);
  }
}

/** Makes an empty store in memory. Its lines are lost when the process ends. */
export function memoryEventStore(): EventStore {
  const streams = new Map<string, StoredLine[]>();
  /** The callbacks of followers that wait for further lines, by stream. */
  const waiting = new Map<string, Set<() => void>>();
  const nextAppend = (stream: string, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const waiters = waiting.get(stream) ?? new Set();
      waiting.set(stream, waiters);
      const stop = () => {
        signal.removeEventListener("abort", stop);
        waiters.delete(stop);
        if (waiters.size === 0) waiting.delete(stream);
        resolve();
      };
      waiters.add(stop);
      signal.addEventListener("abort", stop);
    });
  return {
    append: (stream, expectedSeq, lines) =>
      Promise.try(() => {
        checkLines(stream, lines);
        const held = streams.get(stream) ?? [];
        if (held.length !== expectedSeq) {
          throw new StreamConflict(
            `Cannot append to "${stream}" at event ${expectedSeq}: the stream has ${held.length} events`,
          );
        }
        // One line at a time, because one call with many arguments would overflow the stack.
        for (const line of lines) held.push(line);
        streams.set(stream, held);
        for (const wake of waiting.get(stream) ?? []) wake();
      }),
    async *read(stream, from = 0) {
      // A copy, so that this read does not include lines that are appended during the read.
      yield* streams.get(stream)?.slice(from) ?? [];
    },
    async *follow(stream, { from = 0, signal }) {
      for (let seq = from; !signal.aborted;) {
        const line = streams.get(stream)?.[seq];
        if (line === undefined) await nextAppend(stream, signal);
        else {
          seq++;
          yield line;
        }
      }
    },
    async *streams() {
      yield* streams.keys();
    },
    async *sizes(chosen = streams.keys()) {
      for (const stream of chosen) {
        const lines = streams.get(stream);
        if (lines !== undefined) yield { stream, size: lines.length };
      }
    },
    release() {},
  };
}
