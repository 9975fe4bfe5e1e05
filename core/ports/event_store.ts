/** The port of event stores: append-only streams of encoded lines, and a store in memory. */
import type { StoredLine } from "../events/codec.ts";

/** The stream does not end where the writer believes that it ends: another process wrote to it. */
export class StreamConflict extends Error {
  /** Tells it from other errors. */
  override readonly name = "StreamConflict";
}

/** The store could not do what was asked: a full disk, an unwritable folder, a broken device. */
export class StoreError extends Error {
  /** Tells it from other errors. */
  override readonly name = "StoreError";
}

/** Append-only streams. Every implementation passes `core/ports/event_store_conformance.ts`. */
export interface EventStore {
  /**
   * Appends lines to a stream, which is created by its first append. When the promise resolves, the lines are
   * durable; when it rejects, none of them is part of the stream.
   *
   * @param expectedSeq How many lines the stream holds before this append.
   * @param lines At least one line.
   * @throws {RangeError} When there are no lines, or one holds a newline.
   * @throws {StreamConflict} When the stream holds another number of lines.
   * @throws {StoreError} When the lines could not be made durable.
   */
  append(stream: string, expectedSeq: number, lines: readonly StoredLine[]): Promise<void>;
  /**
   * The lines of a stream, oldest first; none for a stream that does not exist. They are as durable as what is appended,
   * also where a process wrote them that died before it could acknowledge them.
   *
   * @throws {DamagedLine} At a line that is not text, or where this stream alone cannot be read, after all lines before it.
   * @throws {StoreError} When the store cannot read.
   */
  read(stream: string): AsyncIterable<StoredLine>;
  /** The names of all streams, in no particular order. */
  streams(): AsyncIterable<string>;
  /** Says that this process will not append to the stream again soon, so that what it holds open can be freed. */
  release(stream: string): void;
  /** Where people find the stream, such as the path of its file, for messages. */
  locate?(stream: string): string;
}

/** Makes an empty store; what it holds ends with the process. */
export function memoryEventStore(): EventStore {
  const streams = new Map<string, StoredLine[]>();
  return {
    append(stream, expectedSeq, lines) {
      if (lines.length === 0 || lines.some((line) => line.includes("\n"))) {
        return Promise.reject(
          new RangeError(
            `Cannot append to "${stream}": expected at least one line, and none with a newline in it`,
          ),
        );
      }
      const held = streams.get(stream) ?? [];
      if (held.length !== expectedSeq) {
        return Promise.reject(
          new StreamConflict(
            `Cannot append to "${stream}" at event ${expectedSeq}: the stream holds ${held.length} events`,
          ),
        );
      }
      // One by one: arguments of a call are held on the stack, which large appends would overflow.
      for (const line of lines) held.push(line);
      streams.set(stream, held);
      return Promise.resolve();
    },
    async *read(stream) {
      // A copy: lines that are appended during a read are not part of it.
      yield* streams.get(stream)?.slice() ?? [];
    },
    async *streams() {
      yield* streams.keys();
    },
    release() {},
  };
}
