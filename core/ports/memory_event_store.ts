/** An event store that keeps its streams in memory. */
import { type StoredLine } from "../events/codec.ts";
import { type EventStore, StreamConflict } from "./event_store.ts";

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
      // A copy: what is appended while somebody reads is not part of what they read.
      yield* streams.get(stream)?.slice() ?? [];
    },
    async *streams() {
      yield* streams.keys();
    },
    release() {},
  };
}
