/** The port of event stores: append-only streams of encoded lines, and a store in memory. */
import type { StoredLine } from "../events/codec.ts";

/** The stream does not have the length that the writer expects: another process wrote to it. */
export class StreamConflict extends Error {
  /** Tells this error from others. */
  override readonly name = "StreamConflict";
}

/** The store failed: for example, the disk is full, the folder cannot be written to, or a device is broken. */
export class StoreError extends Error {
  /** Tells this error from others. */
  override readonly name = "StoreError";
}

/** Append-only streams. Every implementation passes `core/ports/event_store_conformance.ts`. */
export interface EventStore {
  /**
   * Appends lines to a stream. The first append creates the stream. When the promise resolves, the lines are
   * durable. If it rejects, the stream has none of them.
   *
   * @param expectedSeq How many lines the stream has before this append.
   * @param lines At least one line.
   * @throws {RangeError} If there are no lines, or a line contains a newline.
   * @throws {StreamConflict} If the stream has another number of lines.
   * @throws {StoreError} If the lines could not be made durable.
   */
  append(stream: string, expectedSeq: number, lines: readonly StoredLine[]): Promise<void>;
  /**
   * Reads the lines of a stream, oldest first; none if the stream does not exist. All of them are durable, even lines of a
   * process that died before it acknowledged them.
   *
   * @throws {DamagedLine} At the first line that is not text or cannot be read, after all lines before it.
   * @throws {StoreError} If the store cannot read any stream.
   */
  read(stream: string): AsyncIterable<StoredLine>;
  /** The names of all streams, in no particular order. */
  streams(): AsyncIterable<string>;
  /** Frees resources of the stream, such as an open file, since this process will not append to it soon. */
  release(stream: string): void;
  /** The stream's location for messages, such as the path of its file. */
  locate?(stream: string): string;
}

/** Makes an empty store in memory. Its lines are lost when the process ends. */
export function memoryEventStore(): EventStore {
  const streams = new Map<string, StoredLine[]>();
  return {
    append(stream, expectedSeq, lines) {
      if (lines.length === 0 || lines.some((line) => line.includes("\n"))) {
        return Promise.reject(
          new RangeError(
            `Cannot append to "${stream}": expected at least one line, and no newline in any line`,
          ),
        );
      }
      const held = streams.get(stream) ?? [];
      if (held.length !== expectedSeq) {
        return Promise.reject(
          new StreamConflict(
            `Cannot append to "${stream}" at event ${expectedSeq}: the stream has ${held.length} events`,
          ),
        );
      }
      // One by one, since the arguments of one call with many lines would overflow the stack.
      for (const line of lines) held.push(line);
      streams.set(stream, held);
      return Promise.resolve();
    },
    async *read(stream) {
      // A copy, so that the read does not include lines that are appended meanwhile.
      yield* streams.get(stream)?.slice() ?? [];
    },
    async *streams() {
      yield* streams.keys();
    },
    release() {},
  };
}
